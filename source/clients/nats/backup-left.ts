import {utimes} from 'node:fs';
import {readdir, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';

const suffix = '.part';
const freshEveryMs = 10_000;
const leftAfterMs = 60_000;

/** Where a backup is written before it is whole. */
export const partOf = (folder: string): string => `${folder}${suffix}`;

/** Says again and again that a backup is still being written or checked, until the timer is cleared. */
export const keepFresh = (part: string): NodeJS.Timeout =>
	setInterval(() => utimes(part, new Date(), new Date(), () => {}), freshEveryMs).unref();

/**
Removes what backups that were killed left behind: the unfinished ones that nobody has touched for a minute. Never throws:
one that can't be removed is left.

@param isWanted - Whether a backup of this name, without `.part`, may be removed.
@returns The names of those that were removed.
*/
export async function removeLeft(
	backups: string,
	isWanted: (name: string) => boolean = () => true,
): Promise<string[]> {
	const removed: string[] = [];
	for (const name of (await readdir(backups).catch(() => [])).sort()) {
		if (!name.endsWith(suffix) || !isWanted(name.slice(0, -suffix.length))) {
			continue;
		}
		const path = join(backups, name);
		try {
			if (Date.now() - (await stat(path)).mtimeMs > leftAfterMs) {
				await rm(path, {recursive: true});
				removed.push(name);
			}
		} catch {
			// Another one removes it too, or it is another user's.
		}
	}
	return removed;
}
