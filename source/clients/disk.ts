import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname} from 'node:path';

/**
The bytes that are free for this user on the disk of a folder, or of the nearest folder above it that is there.

@throws an Error where it can't be looked at. (statfs(2), `f_bavail`)
*/
export async function freeBytes(folder: string): Promise<number> {
	let existing = folder;
	while (!existsSync(existing) && dirname(existing) !== existing) {
		existing = dirname(existing);
	}
	const {bavail, bsize} = await statfs(existing);
	return bavail * bsize;
}
