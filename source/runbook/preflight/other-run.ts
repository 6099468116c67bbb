import type {CheckResult} from '../../state/run.ts';
import type {ReadContext} from '../context.ts';
import {engineKey, lockAddress, lockHolder} from '../lock.ts';

/** Whether another run has the deployment now. */
export async function checkOtherRun({docker, config}: ReadContext): Promise<CheckResult[]> {
	const name = 'no other run';
	try {
		const run = await lockHolder(lockAddress(engineKey(docker.endpoint), config.docker.project));
		return [
			run === undefined
				? {name, ok: true, evidence: 'nobody runs anything on this deployment'}
				: {
						name,
						ok: false,
						evidence: `Another run has this deployment${run && `: ${run}`}. Wait for its end; jetmedic shows it live.`,
					},
		];
	} catch (error) {
		return [{name, ok: true, evidence: `could not be looked at: ${(error as Error).message}`}];
	}
}
