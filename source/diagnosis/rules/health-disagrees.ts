import {serviceRunbookId} from '../../config/service-runbook.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState, HealthState, ServiceState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {isAboutNats, natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** Who is connected is read each few seconds, and a service needs a moment to notice. */
const provenAfterMs = 12_000;
const freshMs = 20_000;

/** A service that says something else of its connection to NATS than NATS itself. */
export const rule: Rule = {
	id: 'health-disagrees',
	title: 'A service and NATS disagree about their connection',
	severity: 'critical',
	section: 'Detection',
	meaning:
		'A service says that it is connected and the server has no connection from its container, or it says that it is not and the server has one: its health can not be trusted, or its client is stuck.',
	evidence: "what the service says, and the server's connections from it (/connz)",
	remedy: 'restart the service (S)',
	avoid: 'Restart the server: it is well, and every other service would lose its connection.',
	worse: ['restart'],
	check(state, config, now) {
		const {connz} = state.nats;
		if (connz === undefined || now - connz.at >= freshMs || !natsAnswers(state)) {
			return [];
		}
		const server = own(state.services, config.nats.service);
		return config.health.filter(isAboutNats).flatMap(({name}) => {
			const health = own(state.health, name);
			const service = own(state.services, health?.service ?? '');
			if (!health || !server || !service || !sharesNetwork(service, server)) {
				return [];
			}
			const connections = connectionsOf(service, connz.byAddress);
			// Whoever was never seen from its container's own address may come by another way, as the host's.
			const wasSeen = service.addresses.some((address) => connz.seen.includes(address));
			const isOdd =
				(health.status === 'healthy' && connections === 0 && wasSeen) ||
				(health.status === 'unhealthy' && connections > 0);
			return isOdd ? symptom(health, service.service, connections, now) : [];
		});
	},
};

function symptom(
	{name, detail, status, since}: HealthState,
	service: string,
	connections: number,
	now: number,
) {
	const isLying = status === 'healthy';
	return {
		id: `health-disagrees:${name}`,
		severity: 'critical' as const,
		title: isLying
			? `${service} is not connected to NATS`
			: `${service} is connected to NATS and says it is not`,
		evidence: list(
			`it reports ${detail}`,
			connections === 0
				? 'NATS has no connection from it'
				: `NATS has ${plural(connections, 'connection')} from it`,
			!isLying && forAge(since, now),
		),
		runbook: serviceRunbookId(service),
		afterMs: provenAfterMs,
	};
}

/** On a network of their own the server sees the container's address; through the host it would see another one. */
const sharesNetwork = (service: ServiceState, server: ServiceState): boolean =>
	service.status === 'running' &&
	service.addresses.length > 0 &&
	service.networks.some((network) => server.networks.includes(network));

const connectionsOf = (
	{addresses}: ServiceState,
	byAddress: NonNullable<DeploymentState['nats']['connz']>['byAddress'],
): number => addresses.reduce((sum, address) => sum + (own(byAddress, address) ?? 0), 0);
