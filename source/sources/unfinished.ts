import {otherPlaces} from '../records/identity.ts';
import type {Place} from '../records/place.ts';
import {isUnfinished, type RunState} from '../state/run.ts';
import {sanitize} from '../text/sanitize.ts';
import {findRun, newestRun, type Runs} from './runs.ts';

/**
The run that was killed, or that left services stopped, and that nothing has finished since, whoever's it was; undefined
where the newest run goes on or came to its end. Every later run finishes it, so only the newest one can be unfinished. Never throws.
*/
export async function unfinishedRun(runs: Runs): Promise<RunState | undefined> {
	const run = await findRun(runs);
	return isUnfinished(run) ? run : undefined;
}

/**
Where an unfinished run of this project is that began on another engine, as a sentence; undefined where there is none. It is
finished on that engine alone: the services that it stopped are there. Never throws.
*/
export function unfinishedElsewhere(place: Place): string | undefined {
	for (const other of otherPlaces(place)) {
		const run = newestRun(other);
		if (run !== undefined && isUnfinished(run)) {
			return `The run ${run.id} began on another engine, at ${sanitize(other.of.endpoint, 200)} (ID ${sanitize(other.of.engine ?? '', 100)}). Finish it there.`;
		}
	}
	return undefined;
}
