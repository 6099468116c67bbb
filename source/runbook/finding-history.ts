import {appendFileSync, chmodSync, closeSync, openSync, readSync, renameSync, statSync} from 'node:fs';
import * as z from 'zod';
import {sanitize} from '../text/sanitize.ts';
import {hideSecrets} from './hide-secrets.ts';
import {makePlace, type Place} from './place.ts';

const text = z.string().transform((value) => sanitize(value, 400));

const noteSchema = z.object({
	/** When it was seen to come or go, milliseconds since the epoch. */
	at: z.number(),
	change: z.enum(['appeared', 'went']),
	id: text,
	severity: z.enum(['critical', 'warning']),
	title: text,
	evidence: text,
	/** The finding that explains this one. */
	cause: text.optional(),
});

/** A finding that came or went. */
export type FindingNote = z.infer<typeof noteSchema>;

/** A file that has grown to this is put aside; one older file is kept. */
export const maxBytes = 512 << 10;

/**
Adds notes to the history. What can't be written is left out: a record of findings must not disturb the console.

@param secrets - What finds the secrets of the configuration; see `exactSecrets`.
@param limit - Bytes from which on the file is put aside.
*/
export function appendFindings(
	place: Place,
	notes: readonly FindingNote[],
	secrets: readonly RegExp[] = [],
	limit = maxBytes,
): void {
	if (notes.length === 0) {
		return;
	}
	try {
		makePlace(place);
		if (sizeOf(place.findings) > limit) {
			renameSync(place.findings, older(place));
		}
		const lines = notes.map((note) => `${JSON.stringify(hideSecrets(note, secrets))}\n`).join('');
		// One write: lines of two consoles do not mix.
		appendFileSync(place.findings, lines, {mode: 0o600});
		chmodSync(place.findings, 0o600);
	} catch {
		// See above.
	}
}

/** The notes from `since` on, oldest first, of at most the last `maxBytes` of each file. Never throws. */
export function readFindings(place: Place, since: number): FindingNote[] {
	return [older(place), place.findings]
		.flatMap((path) => tail(path, maxBytes * 2).split('\n'))
		.flatMap((line) => {
			try {
				return noteSchema.safeParse(JSON.parse(line)).data ?? [];
			} catch {
				return [];
			}
		})
		.filter(({at}) => at >= since)
		.sort((a, b) => a.at - b.at);
}

const older = (place: Place): string => `${place.findings}.1`;

function sizeOf(path: string): number {
	try {
		return statSync(path).size;
	} catch {
		return 0;
	}
}

/** The last bytes of a file; nothing where it can't be read. A line that is cut at the front is no JSON, and left out. */
function tail(path: string, bytes: number): string {
	let file: number | undefined;
	try {
		file = openSync(path, 'r');
		const from = Math.max(0, sizeOf(path) - bytes);
		const buffer = Buffer.alloc(bytes);
		return buffer.subarray(0, readSync(file, buffer, 0, bytes, from)).toString('utf8');
	} catch {
		return '';
	} finally {
		if (file !== undefined) {
			closeSync(file);
		}
	}
}
