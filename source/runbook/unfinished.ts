import type {RunState} from '../state/run.ts';
import {findRun, type Runs} from './watch-runs.ts';

/**
The run that was killed and that nothing has finished since, whoever's it was; undefined where the newest run goes on or
came to an end. Every later run finishes it, so only the newest one can be unfinished. Never throws.
*/
export async function unfinishedRun(runs: Runs): Promise<RunState | undefined> {
	const run = await findRun(runs);
	return isUnfinished(run) ? run : undefined;
}

/** Whether a run has no result, and its process is gone. */
export const isUnfinished = (run: RunState | undefined): boolean =>
	run !== undefined && !run.alive && run.result === undefined;
