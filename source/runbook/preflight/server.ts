import type {Healthz} from '../../deployment/deployment.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import type {Needs} from '../needs.ts';
import {saysNoSpace} from './store.ts';

export const restartFirst = 'Run restart (R) first, then this.';

/**
Whether the server can be worked with now. Nothing is asked of it where it is restarted first.

@param healthz - Undefined where there is no monitoring port.
*/
export function judgeServer(
	server: ContainerFacts | undefined,
	healthz: Healthz | undefined,
	{restartsFirst, recreates, recreatesConsumer}: Needs,
): CheckResult[] {
	if (restartsFirst) {
		return [];
	}
	if (server && server.status !== 'running') {
		return [{name: 'NATS', ok: false, evidence: `${server.service} is ${server.status}. ${restartFirst}`}];
	}
	if (healthz === undefined) {
		return [];
	}
	const name = '/healthz';
	const {status, error} = healthz;
	switch (status) {
		case 'ok':
			return [{name, ok: true, evidence: 'ok'}];
		case 'booting':
			return [{name, ok: false, evidence: 'NATS is booting. Wait until it is ready; do not restart it.'}];
		case 'unreachable':
			// A port that cannot be reached from here is no reason to restart a server.
			return [
				{
					name,
					ok: false,
					evidence: `The state of the server could not be read: /healthz: ${error}. Check nats.monitor in the configuration, and the log of the server.`,
				},
			];
		case 'unavailable':
			// The room in the store says what to do of a full disk. Else it may be the very thing that this brings back.
			return [
				{
					name,
					ok: recreates || recreatesConsumer || saysNoSpace(error),
					evidence: `/healthz unavailable: ${error}${recreates || recreatesConsumer ? '' : '. Run full recovery (F), or restart (R)'}`,
				},
			];
	}
}
