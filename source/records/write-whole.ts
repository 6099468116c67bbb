import {closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';

/**
Writes a file whole or not at all, on disk when it returns, readable by its owner alone.

@throws when it can't be written; what was there before is then still there.
*/
export function writeWhole(path: string, text: string): void {
	const temporary = `${path}.${process.pid}`;
	const file = openSync(temporary, 'w', 0o600);
	try {
		// Not writeSync: on a full disk that writes a part, without an error.
		writeFileSync(file, text);
		fsyncSync(file);
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw error;
	} finally {
		closeSync(file);
	}
}
