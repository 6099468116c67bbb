import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import {isAboutNats, sourceOf} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/**
The server turns the console away. Messages may well flow, so it is unknown and not critical: the incident's
clock must not start because of the console's own credentials alone.
*/
export const rule: Rule = {
	id: 'nats-auth',
	title: 'NATS refuses the console',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The server turns the console away, or does not let it read JetStream. Messages may well flow, so it is unknown and starts no incident; where every service that tells of its connection has lost it, too, it is critical.',
	evidence: "the server's own words, the subject among them, and who else is refused",
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
		const refused = cutOff(state, config);
		return [
			{
				id: 'nats-auth',
				// Refused as the services are, too, it is no matter of the console's own credentials.
				severity: isRefused && refused.length > 0 ? 'critical' : 'unknown',
				title: isRefused
					? `${config.nats.service} refuses these credentials`
					: `${config.nats.service} does not let this user read JetStream`,
				evidence: list(
					(isRefused ? connection.error : source?.error) ?? connection.url,
					isRefused && refused.length > 0 && `${refused.join(' and ')} can't use NATS either`,
				),
				advice: adviceOf(isRefused, refused, config),
				beganAt: isRefused ? connection.since : source?.since,
			},
		];
	},
};

function adviceOf(isRefused: boolean, refused: readonly string[], config: Config): string {
	if (!isRefused) {
		return 'grant the JetStream API to this user';
	}
	return refused.length > 0 ? `look at the users of ${config.nats.service}` : 'correct the NATS credentials';
}

/** The services that can't use NATS, where it is all of those that tell of it. */
function cutOff(state: DeploymentState, config: Config): string[] {
	const told = config.health.filter(isAboutNats).map(({name}) => own(state.health, name));
	return told.every((health) => health?.status === 'unhealthy')
		? told.flatMap((health) => health?.service ?? health?.name ?? [])
		: [];
}
