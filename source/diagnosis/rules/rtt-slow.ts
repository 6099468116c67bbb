import {formatElapsed} from '../../text/duration.ts';
import {natsAnswers, staleMs} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** The server answers slowly; 500 ms is the warning of `nats server check connection`. */
export const rule: Rule = {
	id: 'rtt-slow',
	title: 'NATS answers slowly',
	severity: 'warning',
	section: 'Immediate Actions',
	meaning: 'A round trip to the server takes longer than the warning of `nats server check connection`.',
	evidence: 'the round trip',
	remedy: 'look at the load of the server and of this host',
	check(state, config, now) {
		const {rttMs, rttAt = 0} = state.nats.connection;
		if (rttMs === undefined || !natsAnswers(state) || now - rttAt > staleMs) {
			return [];
		}
		if (rttMs <= config.thresholds.rttWarnMs) {
			return [];
		}
		return [
			{
				id: 'rtt-slow',
				severity: 'warning',
				title: `${config.nats.service} answers slowly`,
				evidence: `${formatElapsed(rttMs)} round trip`,
				advice: `look at the load of ${config.nats.service}`,
			},
		];
	},
};
