import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Engine} from '../engine/types.ts';
import {LabError, must, run} from '../run.ts';

/** The label that tells from which files an image was made. */
export const SUM_LABEL = 'jetmedic.lab.sum';

const APPLETS =
	'sh wget sleep ps kill cat ls dd df head tail grep rm mkdir env id ping nc true false touch chmod stat date du'.split(
		' ',
	);
/** Part of every sum: raise it when the layout below changes. */
const LAYOUT = '1';

/**
 * Imports an image made of one program of this machine, the libraries it is linked with and busybox, unless the engine
 * has it already. The layout follows the official images where the lab depends on it (program in /usr/local/bin).
 * @returns true when the image was made, false when it was up to date
 * @throws LabError when a file is missing or the engine refuses the import
 */
export async function importProgram(
	engine: Engine,
	tag: string,
	program: string,
	name: string,
	busybox: string,
): Promise<boolean> {
	const sum = createHash('sha256')
		.update([LAYOUT, stamp(program), stamp(busybox)].join('\n'))
		.digest('hex')
		.slice(0, 16);
	if ((await imageSum(engine, tag)) === sum) return false;
	const root = mkdtempSync(join(tmpdir(), 'jetmedic-lab-image-'));
	try {
		await fill(root, program, name, busybox);
		const tar = spawn('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const changes = ['ENV PATH=/usr/local/bin:/bin', `LABEL ${SUM_LABEL}=${sum}`, `CMD ["${name}"]`];
		const args = ['import', ...changes.flatMap((change) => ['-c', change]), '-', tag];
		await must(`Importing the image ${tag}`, 'docker', args, {env: engine.env, input: tar.stdout});
	} finally {
		rmSync(root, {recursive: true, force: true});
	}
	return true;
}

/** The sum an image was made from, or an empty text when the engine has no such image. */
export async function imageSum(engine: Engine, tag: string): Promise<string> {
	const format = `{{index .Config.Labels "${SUM_LABEL}"}}`;
	const found = await run('docker', ['image', 'inspect', '-f', format, tag], {env: engine.env});
	return found.code === 0 ? found.stdout.trim() : '';
}

async function fill(root: string, program: string, name: string, busybox: string): Promise<void> {
	chmodSync(root, 0o755);
	for (const part of 'bin etc tmp proc sys dev data app usr/local/bin root'.split(' ')) {
		mkdirSync(join(root, part), {recursive: true});
	}
	chmodSync(join(root, 'tmp'), 0o1777);
	place(root, program, `/usr/local/bin/${name}`);
	place(root, busybox, '/bin/busybox');
	for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
	for (const library of await libraries(program)) place(root, library, library);
	writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/app:/bin/sh\n');
	writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
	writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}

/** The shared libraries a program is linked with; none for a static one. */
async function libraries(program: string): Promise<string[]> {
	const linked = await run('ldd', [program]);
	return linked.code === 0
		? (linked.stdout.match(/\/[^\s)]+/g) ?? []).filter((file) => existsSync(file) && file !== program)
		: [];
}

function place(root: string, from: string, to: string): void {
	const target = join(root, to);
	mkdirSync(dirname(target), {recursive: true});
	copyFileSync(realpathSync(from), target);
	chmodSync(target, 0o755);
}

/** Names a file's content cheaply: a 130 MB program need not be read to see that it is the one of last time. */
function stamp(file: string): string {
	try {
		const {size, mtimeMs} = statSync(realpathSync(file));
		return `${realpathSync(file)} ${size} ${mtimeMs}`;
	} catch {
		throw new LabError(
			`${file} is missing: delete the lab's cache folder and run "npm run lab -- up" again.`,
		);
	}
}
