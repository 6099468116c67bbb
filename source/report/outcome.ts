import type {ReportedRun} from './types.ts';

/** How a run stands: its result, `running`, or `unfinished` where its process ended without one. */
export type Outcome = 'verified' | 'unverified' | 'failed' | 'aborted' | 'running' | 'unfinished';

export const outcomeOf = ({state}: Pick<ReportedRun, 'state'>): Outcome =>
	state.result ?? (state.alive ? 'running' : 'unfinished');

/** What an outcome means, for a reader who does not know the words. */
export const outcomeMeaning: Record<Outcome, string> = {
	verified: 'every check after the run held',
	unverified: 'the run ended, but not every check held',
	failed: 'a step failed; what it had stopped was started again unless said otherwise',
	aborted: 'it was ended from outside; what it had stopped was started again unless said otherwise',
	running: 'it has not ended yet',
	unfinished: 'its process ended without a result: it was killed, or the host went down',
};
