import type {ServerAnswer} from '../../state/server-answer.ts';
import type {Symptom} from '../finding.ts';
import type {Rule} from '../rule.ts';

/** A server that is not the deployment's own answers at its address: another one has the port, or the address is another one's. */
export const rule: Rule = {
	id: 'server-impostor',
	title: 'Another server answers',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The server at the configured address is not the one in the container of the service. All streams, consumers and figures on the screen are those of the other server. No runbook runs while it answers.',
	evidence: 'the name and id of the server that answers, and the state of the container',
	remedy:
		'stop the other server, or correct the address (`nats.url`, `nats.monitor`, or `NATS_URL` in the shell)',
	avoid:
		'Run a runbook: it would change the streams of another deployment, and a restart cannot free the port.',
	worse: ['restart', 'purge', 'recover', 'recreate'],
	check({nats}) {
		// What was found of the connection before this one says nothing of whoever answers now.
		const others = (nats.identity?.answers ?? []).filter(
			({is, port, serverId}) => is === 'other' && (port === 'monitor' || serverId === nats.server?.id),
		);
		return nats.connection.status === 'connected'
			? others.map((other) => symptom(other, nats.identity?.at))
			: [];
	},
};

const symptom = ({address, port, service, why, advice}: ServerAnswer, at: number | undefined): Symptom => ({
	id: `server-impostor:${port === 'url' ? service : `${service}/monitor`}`,
	severity: 'critical',
	title: `${address.slice(address.lastIndexOf(':') + 1)} is answered by another server`,
	evidence: why,
	...(advice !== undefined && {advice}),
	...(at !== undefined && {beganAt: at}),
});
