import {isUnfinished, type RunState} from '../state/run.ts';
import {findRun, type Runs} from './runs.ts';

/**
The run that was killed, or that left services stopped, and that nothing has finished since, whoever's it was; undefined
where the newest run goes on or came to its end. Every later run finishes it, so only the newest one can be unfinished. Never throws.
*/
export async function unfinishedRun(runs: Runs): Promise<RunState | undefined> {
	const run = await findRun(runs);
	return isUnfinished(run) ? run : undefined;
}
