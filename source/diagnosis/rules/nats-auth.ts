import {sourceOf} from '../questions.ts';
import type {Rule} from '../rule.ts';

/**
The server turns the console away. Messages may well flow, so it is unknown and not critical: the incident's
clock must not start because of the console's own credentials.
*/
export const rule: Rule = {
	id: 'nats-auth',
	title: 'NATS refuses the console',
	severity: 'unknown',
	section: 'Immediate Actions',
	meaning:
		'The server turns the console away, or does not let it read JetStream. Messages may well flow, so it is unknown and starts no incident.',
	evidence: "the server's own words, the subject among them",
	remedy: 'correct the credentials, or grant the JetStream API to the user',
	avoid: 'Restart the server: it refuses these credentials as before.',
	worse: ['restart'],
	check(state, config) {
		const {connection} = state.nats;
		const source = sourceOf(state, 'nats');
		const isRefused = connection.status === 'refused';
		const isDenied =
			connection.status === 'connected' &&
			source?.status === 'down' &&
			/permission/i.test(source.error ?? '');
		if (!isRefused && !isDenied) {
			return [];
		}
		return [
			{
				id: 'nats-auth',
				severity: 'unknown',
				title: isRefused
					? `${config.nats.service} refuses these credentials`
					: `${config.nats.service} does not let this user read JetStream`,
				evidence: (isRefused ? connection.error : source?.error) ?? connection.url,
				advice: isRefused ? 'correct the NATS credentials' : 'grant the JetStream API to this user',
				beganAt: isRefused ? connection.since : source?.since,
			},
		];
	},
};
