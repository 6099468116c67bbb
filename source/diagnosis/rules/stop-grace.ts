import {own} from '../../state/record.ts';
import {formatCount} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';

/** Measured on nats-server 2.15.1: stopping takes so long for each consumer. */
const stopMsAConsumer = 10.5;

/** Compose's default stop_grace_period. */
const defaultGraceSeconds = 10;

/** The server needs longer to stop than its container is given: a restart would kill it in the middle. */
export const rule: Rule = {
	id: 'stop-grace',
	title: 'NATS will be killed on stop',
	severity: 'warning',
	section: 'If NATS Container Down',
	meaning:
		'Stopping the server takes 10.5 ms a consumer (2.15.1), longer than its container is given: a restart would end in a kill.',
	evidence: 'consumers, seconds needed, seconds granted',
	remedy: 'raise stop_grace_period',
	check(state, config) {
		return serversOf(state, config).flatMap(({service: name, suffix, jsz}) => {
			const service = own(state.services, name);
			const consumers = jsz?.consumers ?? 0;
			const neededSeconds = Math.round((consumers * stopMsAConsumer) / 1000);
			const graceSeconds = service?.stopTimeoutSeconds ?? defaultGraceSeconds;
			if (service?.status !== 'running' || !(neededSeconds > graceSeconds)) {
				return [];
			}
			return {
				id: `stop-grace${suffix}`,
				severity: 'warning' as const,
				title: `${name} will be killed on stop`,
				evidence: `${formatCount(consumers)} consumers need ${neededSeconds} s, its grace is ${graceSeconds} s`,
				advice: 'raise stop_grace_period',
			};
		});
	},
};
