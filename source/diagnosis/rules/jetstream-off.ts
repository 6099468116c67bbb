import {natsAnswers, saidOf, sourceOf} from '../questions.ts';
import type {Rule} from '../rule.ts';

// 10076: not enabled; 10039: not enabled for this account (nats-server, server/errors.json). Nobody on the API's
// subjects says the same.
const off = /jetstream (is )?(off|not enabled)|\b(10076|10039)\b/i;

/** The server runs without JetStream. /healthz says ok all the same. */
export const rule: Rule = {
	id: 'jetstream-off',
	title: 'JetStream is off',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The server runs without JetStream, or this account may not use it. /healthz says ok all the same.',
	evidence: "the server's own words",
	remedy: 'start the server with JetStream, or enable it for the account',
	avoid: 'Restart it: it comes back without JetStream.',
	worse: ['restart', 'recover'],
	check(state, config) {
		const source = sourceOf(state, 'nats');
		const {jsz} = state.nats;
		const error = source?.status === 'down' ? source.error : undefined;
		const isDisabled = jsz?.enabled === false;
		// A stream list that is newer than the server's word outweighs it.
		const isOff = isDisabled && (state.streamsAt ?? 0) <= jsz.at;
		// It answered about a stream at the same look: then it is one request that nobody answers.
		const answers = ['there', 'missing'].includes(saidOf(state, config.stream) ?? '');
		if (!natsAnswers(state) || !(isOff || (!answers && off.test(error ?? '')))) {
			return [];
		}
		return [
			{
				id: 'jetstream-off',
				severity: 'critical',
				title: `JetStream is off in ${config.nats.service}`,
				evidence: error ?? 'jsz: disabled',
				advice: isDisabled ? 'start the server with JetStream (-js)' : 'enable JetStream for this account',
				beganAt: source?.status === 'down' ? source.since : undefined,
			},
		];
	},
};
