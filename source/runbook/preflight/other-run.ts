import type {CheckResult} from '../../state/run.ts';
import type {ReadContext} from '../context.ts';

/** Whether another run has the deployment now, whichever user's or host's it is. */
export async function checkOtherRun({lock}: Pick<ReadContext, 'lock'>): Promise<CheckResult[]> {
	const name = 'no other run';
	const holder = await lock.holder();
	return [
		holder === undefined
			? {name, ok: true, evidence: 'no run is in progress'}
			: {name, ok: false, evidence: holder},
	];
}
