import {chmod, mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';

/** A folder with these files, gone when the test ends. */
export async function tempFolder(files: Record<string, string> = {}): Promise<string> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'jetmedic-test-')));
	// Below a folder that nobody else can enter nobody asks who can change what.
	await chmod(folder, 0o755);
	onTestFinished(() => rm(folder, {recursive: true, force: true}));
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), {recursive: true});
		await writeFile(join(folder, name), text);
	}
	return folder;
}
