import {closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {redact} from '../text/redact.ts';
import type {Place} from './place.ts';
import type {JournalEvent} from './types.ts';

export type Journal = {
	readonly path: string;
	/** Writes a line; it is on disk when this returns. @throws when it can't be written (a full disk). */
	write(event: JournalEvent): void;
	close(): void;
};

/** The id of a run: sorts by time, and two started in the same second differ. */
export const runId = (runbook: string, at: number): string =>
	`${new Date(at)
		.toISOString()
		.replace(/[-:]|Z/g, '')
		.replace('.', '-')}-${runbook}-${process.pid}`;

/** A new journal. @throws when there is one of that name, or the folder can't be written. */
export function createJournal(place: Place, id: string): Journal {
	const path = join(place.runs, `${id}.jsonl`);
	const file = openSync(path, 'ax', 0o600);
	return {
		path,
		write(event) {
			writeSync(file, `${redact(JSON.stringify(event))}\n`);
			fsyncSync(file);
		},
		close() {
			closeSync(file);
		},
	};
}

/** The events of a journal. A last line that was cut by a crash is left out. @throws when it can't be read. */
export function readJournal(path: string): JournalEvent[] {
	return readFileSync(path, 'utf8')
		.split('\n')
		.flatMap((line) => {
			try {
				const event = JSON.parse(line) as JournalEvent;
				return typeof event?.event === 'string' ? [event] : [];
			} catch {
				return [];
			}
		});
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
