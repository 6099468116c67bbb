import type {RunState} from '../state/run.ts';
import type {Place} from './place.ts';
import {newestRun} from './watch-runs.ts';

/**
The run that was killed and that nothing has finished since; undefined where the newest run goes on or came to an end.
Every later run finishes it, so only the newest one can be unfinished. Never throws.
*/
export function unfinishedRun(place: Place): RunState | undefined {
	const run = newestRun(place);
	return run && !run.alive && run.result === undefined ? run : undefined;
}
