import {isCluster} from '../../config/nodes.ts';
import {own} from '../../state/record.ts';
import {engineIsDown} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/**
The server recovers its streams and is not ready yet. It must not be restarted: after a kill in the middle of
a purge this took up to 102 s, and a restart begins it anew.
*/
export const rule: Rule = {
	id: 'nats-booting',
	title: 'NATS is booting',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The server is up and recovers its streams. After a kill in the middle of a purge this took up to 102 s.',
	evidence: 'for how long',
	remedy: 'wait',
	avoid: 'Restart it: the recovery begins anew.',
	worse: ['restart', 'recover'],
	check(state, config, now) {
		const {healthz} = state.nats;
		const service = own(state.services, config.nats.service);
		const isStopped = service !== undefined && service.status !== 'running' && !engineIsDown(state);
		// Of a cluster node-down tells.
		if (healthz?.status !== 'booting' || isStopped || isCluster(config)) {
			return [];
		}
		return [
			{
				id: 'nats-booting',
				severity: 'critical',
				title: `${config.nats.service} is booting`,
				evidence: list('it recovers its streams', forAge(healthz.since, now)),
				advice: 'wait, do not restart it',
				beganAt: healthz.since,
			},
		];
	},
};
