import {realpathSync} from 'node:fs';

/** The file that started this process, for those that it starts itself: a link to it may be gone by then. */
export function launcherPath(): string {
	return realpathSync(process.argv[1] ?? '');
}
