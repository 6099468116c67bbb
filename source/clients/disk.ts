import {stat, statfs} from 'node:fs/promises';
import {dirname} from 'node:path';

/** A disk that was measured. */
export type Disk = {freeBytes: number; totalBytes: number};

/** What a backup leaves free on its disk, for the journal and whoever else writes there, bytes. */
export const reserveBytes = 16 << 20;

/** What looks at the file system; a test gives its own. */
export type FileSystem = {
	stat(path: string): Promise<unknown>;
	statfs(path: string): Promise<{bavail: number; bsize: number; blocks: number}>;
};

/** A folder on a server that is gone answers never, and each look that waits for it holds one of Node's four threads. */
const answersWithinMs = 2000;
const silent = new Set<string>();

/**
The disk that a path is on, with the bytes that are free for this user.

@throws an Error with a sentence's end where there is no such path, or it does not answer within 2 s. (statfs(2), `f_bavail`)
*/
export async function diskOf(path: string, {statfs: ask}: FileSystem = {stat, statfs}): Promise<Disk> {
	const {bavail, bsize, blocks} = await answered(path, () => ask(path));
	return {freeBytes: bavail * bsize, totalBytes: blocks * bsize};
}

/**
The bytes that are free for this user on the disk of a folder, or of the nearest folder above it that is there.

@throws as `diskOf`.
*/
export async function freeBytes(folder: string, fileSystem: FileSystem = {stat, statfs}): Promise<number> {
	let existing = folder;
	while (dirname(existing) !== existing && !(await isThere(existing, fileSystem))) {
		existing = dirname(existing);
	}
	return (await diskOf(existing, fileSystem)).freeBytes;
}

async function isThere(path: string, {stat: ask}: FileSystem): Promise<boolean> {
	try {
		await answered(path, () => ask(path));
		return true;
	} catch (error) {
		if (error instanceof SilentError) {
			throw error;
		}
		return false;
	}
}

class SilentError extends Error {
	override name = 'SilentError';

	constructor(path: string) {
		super(`${path} does not answer`);
	}
}

async function answered<T>(path: string, ask: () => Promise<T>): Promise<T> {
	if (silent.has(path)) {
		throw new SilentError(path);
	}
	let timer: NodeJS.Timeout | undefined;
	const asked = ask();
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			// Until it answers after all, nobody else waits for it.
			silent.add(path);
			const again = () => void silent.delete(path);
			asked.then(again, again);
			reject(new SilentError(path));
		}, answersWithinMs);
	});
	try {
		return await Promise.race([asked, late]);
	} finally {
		clearTimeout(timer);
	}
}
