import {closeSync, renameSync, writeFileSync} from 'node:fs';
import type * as z from 'zod';
import {hideSecrets} from './hide-secrets.ts';
import {openToAppend, readOwn, statOwn} from './own-file.ts';
import {makePlace, type Place} from './place.ts';

/** A file that has grown to this is put aside; one older file is kept. */
export const maxBytes = 512 << 10;

/**
Adds notes to a file of the records, one JSON object a line. What can't be written is left out: a record beside the journals
must not disturb what it tells of.

@param secrets - What finds the secrets of the configuration; see `exactSecrets`.
@param limit - Bytes from which on the file is put aside.
*/
export function appendNotes(
	place: Place,
	path: string,
	notes: readonly object[],
	secrets: readonly RegExp[] = [],
	limit = maxBytes,
): void {
	if (notes.length === 0) {
		return;
	}
	try {
		makePlace(place);
		if (sizeOf(path) > limit) {
			renameSync(path, older(path));
		}
		const lines = notes.map((note) => `${JSON.stringify(hideSecrets(note, secrets))}\n`).join('');
		// One write: lines of two consoles do not mix.
		const file = openToAppend(path);
		try {
			writeFileSync(file, lines);
		} finally {
			closeSync(file);
		}
	} catch {
		// See above.
	}
}

/** The notes from `since` on that are what `schema` says, oldest first, of at most the last bytes of each file. Never throws. */
export function readNotes<T extends {at: number}>(path: string, schema: z.ZodType<T>, since: number): T[] {
	return [older(path), path]
		.flatMap((one) => tail(one, maxBytes * 2).split('\n'))
		.flatMap((line) => {
			try {
				return schema.safeParse(JSON.parse(line)).data ?? [];
			} catch {
				return [];
			}
		})
		.filter(({at}) => at >= since)
		.sort((a, b) => a.at - b.at);
}

const older = (path: string): string => `${path}.1`;

function sizeOf(path: string): number {
	try {
		return statOwn(path).size;
	} catch {
		return 0;
	}
}

/** The last bytes of a file; nothing where it can't be read. A line that is cut at the front is no JSON, and left out. */
function tail(path: string, bytes: number): string {
	try {
		return readOwn(path, bytes, 'end');
	} catch {
		return '';
	}
}
