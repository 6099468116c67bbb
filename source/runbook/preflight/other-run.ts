import {findHolder} from '../../lock/find-holder.ts';
import {lockedText} from '../../lock/host-lock.ts';
import type {CheckResult} from '../../state/run.ts';
import type {ReadContext} from '../context.ts';

/** Whether another run has the deployment now, whichever user's or host's it is. */
export async function checkOtherRun(context: Pick<ReadContext, 'docker' | 'config'>): Promise<CheckResult[]> {
	const name = 'no other run';
	const holder = await findHolder(context);
	return [
		holder === undefined
			? {name, ok: true, evidence: 'nobody runs anything on this deployment'}
			: {name, ok: false, evidence: lockedText(holder)},
	];
}
