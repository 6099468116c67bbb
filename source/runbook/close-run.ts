import type {CheckResult, RunResult} from '../state/run.ts';
import {lookAround} from './look.ts';
import type {StartedRun} from './start-run.ts';

/** What became of a run. */
export type Outcome = {result: RunResult; checks: CheckResult[]; error?: string};

/** A look for the record: a run does not wait long for it. */
const lookMs = 500;

/**
Looks once more, writes the last line, and ends the incident that began with the run. Never throws.

@param failures - Why a step, or the put-back, failed; nothing when none did.
*/
export async function closeRun(run: StartedRun, failures: readonly string[]): Promise<Outcome> {
	const {context, ledger, startedMs} = run;
	const {clock} = context.deployment;
	ledger.write({event: 'snapshot', when: 'after', ...(await lookAround(context, lookMs))});
	const result = resultOf(run, failures);
	const outcome: Outcome = {
		result,
		checks: [...ledger.checks],
		...(failures.length > 0 && {error: failures.join(' ')}),
	};
	ledger.write({event: 'finished', ...outcome, elapsedMs: Math.max(0, clock.elapsed() - startedMs)});
	ledger.close();
	if (result === 'verified' && run.isOwnIncident) {
		// Nothing was wrong before the run, and nothing is after it.
		context.records.endIncident();
	}
	return outcome;
}

function resultOf({context, ledger}: StartedRun, failures: readonly string[]): RunResult {
	if (context.signal.aborted) {
		return 'aborted';
	}
	if (failures.length > 0) {
		return 'failed';
	}
	return ledger.checks.length > 0 && ledger.checks.every(({ok}) => ok) ? 'verified' : 'unverified';
}
