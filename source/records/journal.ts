import {closeSync, fsyncSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {sanitize} from '../text/sanitize.ts';
import type {JournalEvent} from './event.ts';
import {hideSecrets} from './hide-secrets.ts';
import {parseLine} from './journal-schema.ts';
import {isRunId} from './names.ts';
import {createOwn, readOwn, statOwn, syncFolder} from './own-file.ts';
import type {Place} from './place.ts';

/** A line that could not be written, as a sentence. */
export class JournalError extends Error {
	override name = 'JournalError';
}

export type Journal = {
	readonly path: string;
	/** Writes a line; it is on disk when this returns. @throws when it can't be written (a full disk). */
	write(event: JournalEvent): void;
	/** The event as it is written: without secrets, safe for a terminal. */
	clean(event: JournalEvent): JournalEvent;
	close(): void;
	/** Closes and removes it: a run that never began leaves none. */
	discard(): void;
};

/** The id of a run: sorts by time, and two started in the same second differ. */
export const runId = (runbook: string, at: number): string =>
	`${new Date(at)
		.toISOString()
		.replace(/[-:]|Z/g, '')
		.replace('.', '-')}-${runbook}-${process.pid}`;

/**
A new journal.

@param secrets - What finds the secrets of the configuration; see `exactSecrets`.
@throws when there is one of that name, or the folder can't be written.
*/
export function createJournal(place: Place, id: string, secrets: readonly RegExp[] = []): Journal {
	if (!isRunId(id)) {
		throw new Error(
			`${JSON.stringify(sanitize(id, 100))} cannot be the id of a run: an id has only letters, digits and the signs _ . -`,
		);
	}
	const path = join(place.runs, `${id}.jsonl`);
	const file = createOwn(path);
	// A line is on disk only where the file's name is, too. (fsync(2), "NOTES")
	syncFolder(place.runs);
	syncFolder(place.root);
	const clean = (event: JournalEvent): JournalEvent => hideSecrets(event, secrets);
	let torn = false;
	return {
		path,
		clean,
		write(event) {
			const line = `${torn ? '\n' : ''}${JSON.stringify(clean(event))}\n`;
			// Where the disk fills, part of a line may be there already; the next one must not be joined to it.
			torn = true;
			// Not writeSync: that writes what there is room for, and says so only by its answer.
			writeFileSync(file, line);
			fsyncSync(file);
			torn = false;
		},
		close() {
			closeSync(file);
		},
		discard() {
			closeSync(file);
			rmSync(path, {force: true});
		},
	};
}

// A run writes some hundred lines; a journal beyond this is no longer one that a run wrote.
const maxBytes = 16 << 20;

/** The events of a journal, without lines that can't be read. @throws when the file can't be read. */
export const readJournal = (path: string): JournalEvent[] => readLines(path).events;

/**
The events of a journal, and how many lines could not be read: a last one that a crash has cut, one of a newer
version. Of a file beyond 16 MiB the rest counts as one such line.

@throws when the file can't be read.
*/
export function readLines(path: string): {events: JournalEvent[]; unread: number} {
	const text = readOwn(path, maxBytes);
	const events: JournalEvent[] = [];
	let unread = 0;
	for (const line of text.split('\n')) {
		const event = parseLine(line);
		if (event !== undefined) {
			events.push(event);
		} else if (line !== '') {
			unread++;
		}
	}
	return {events, unread};
}

/** The events of a journal's text, without lines that can't be read. */
export const parseJournal = (text: string): JournalEvent[] =>
	text.split('\n').flatMap((line) => parseLine(line) ?? []);

/** Whether the journal of a run is here and can be read by this user. */
export function hasJournal(place: Place, id: string): boolean {
	try {
		return isRunId(id) && statOwn(join(place.runs, `${id}.jsonl`)).size > 0;
	} catch {
		return false;
	}
}

/** The journals of a deployment, oldest first; none where there is no folder yet. */
export function listJournals(place: Place): string[] {
	try {
		return readdirSync(place.runs)
			.filter((name) => name.endsWith('.jsonl'))
			.sort()
			.map((name) => join(place.runs, name));
	} catch {
		return [];
	}
}
