import {isUnfinished, type RunState} from '../state/run.ts';
import type {JournalEvent} from './event.ts';
import {withFinisher} from './finished-elsewhere.ts';
import {isForeign} from './identity.ts';
import {listJournals, readJournal} from './journal.ts';
import type {Place} from './place.ts';
import {toRunState} from './run-state.ts';

// Runs that were killed before their first line, or are another engine's: a look must not read all journals.
const mostPassed = 100;

/** The newest run of a deployment, or undefined where there never was one. Never throws. */
export function newestRun(place: Place): RunState | undefined {
	const run = newestOf(
		listJournals(place)
			.reverse()
			.map((path) => ({events: () => readJournal(path)})),
		(one) => isForeign(one, place),
	);
	return run && withFinisher(place, run);
}

/** A journal as it is read back; `alive` as for `toRunState`. */
export type KeptJournal = {events(): JournalEvent[]; alive?: boolean};

/**
The newest run of these journals, the newest first. A run that was killed before its first line has touched nothing, and
must not hide the unfinished one before it. Never throws.

@param isForeign - Whether it is another engine's: its journal is here only if somebody copied it.
*/
export function newestOf(
	journals: readonly KeptJournal[],
	isForeign: (run: RunState) => boolean = () => false,
): RunState | undefined {
	for (const {events, alive} of journals.slice(0, mostPassed)) {
		try {
			const run = toRunState(events(), alive);
			if (run && !isForeign(run)) {
				return run;
			}
		} catch {
			// What this one says of those before it is not known.
			return undefined;
		}
	}
	return undefined;
}

/** Whether a run that is dead is the newest one of these records, and nothing has finished it. Never throws. */
export function isLeft(place: Place, run: string): boolean {
	const newest = newestRun(place);
	return newest?.id === run && isUnfinished({...newest, alive: false});
}
