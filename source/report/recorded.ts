import {basename} from 'node:path';
import {listJournals, readLines} from '../records/journal.ts';
import type {Place} from '../records/place.ts';
import {toRunState} from '../records/run-state.ts';
import type {ReportedRun} from './types.ts';

/** The newest runs, oldest first; a journal that can't be read is left out. */
export function readRuns(place: Place, max: number): ReportedRun[] {
	return listJournals(place)
		.slice(-max)
		.flatMap((path) => readRun(path) ?? []);
}

/** The runs whose id is this, or begins with it. */
export function findRuns(place: Place, id: string): ReportedRun[] {
	const paths = listJournals(place).filter((path) => nameOf(path).startsWith(id));
	const exact = paths.filter((path) => nameOf(path) === id);
	// Two are enough to know that it is not one.
	return (exact.length > 0 ? exact : paths.slice(-2)).flatMap((path) => readRun(path) ?? []);
}

const nameOf = (path: string): string => basename(path, '.jsonl');

function readRun(path: string): ReportedRun | undefined {
	try {
		const {events, unread} = readLines(path);
		const state = toRunState(events);
		return state && {state, events, unread, path};
	} catch {
		return undefined;
	}
}
