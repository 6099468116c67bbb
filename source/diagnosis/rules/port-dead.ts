import {isCluster, nodesOf} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {serviceRunbookId} from '../../config/service-runbook.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import {lookAtNodes} from '../nodes.ts';
import {engineIsDown, natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** A health check that began before the fault still says healthy for a while: interval times retries. */
const provenAfterMs = 20_000;

/** A container that is healthy by its own check, from inside, and does not answer at its published port. */
export const rule: Rule = {
	id: 'port-dead',
	title: 'A published port is dead',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		"The container is healthy by its own check from inside, and nothing answers at its port on this host: the engine's proxy died, a packet filter drops, or its network is broken.",
	evidence: 'the address and the error',
	remedy:
		"restart the container (S, or R where it is the server): the engine opens the port anew; else look at the host's packet filter",
	avoid: 'Purge: the server is well, and only the way to it is not.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		const servers = isCluster(config) ? ofNodes(state, config, now) : ofServer(state, config);
		return [...servers, ...ofEndpoints(state)];
	},
};

const isHealthyInside = (state: DeploymentState, service: string): boolean => {
	const container = own(state.services, service);
	return (
		!engineIsDown(state) &&
		container?.status === 'running' &&
		container.health === 'healthy' &&
		container.networks.length > 0
	);
};

function ofServer(state: DeploymentState, config: Config): ReturnType<Rule['check']> {
	const {connection, healthz} = state.nats;
	const {service} = config.nats;
	const isAway = connection.status === 'disconnected' && healthz?.status === 'unreachable';
	if (healthz?.status === 'unreachable' && natsAnswers(state) && isHealthyInside(state, service)) {
		return [
			{
				...symptom(service, list(config.nats.monitor, healthz.error)),
				// Messages flow: it can wait for a quiet hour.
				severity: 'warning',
				title: `${service} is not reached at its monitoring port`,
				advice: `restart ${service} (R) when it suits`,
				beganAt: healthz.since,
			},
		];
	}
	return isAway && isHealthyInside(state, service)
		? [
				{
					...symptom(service, list(connection.url, connection.error)),
					runbook: 'restart',
					beganAt: connection.since,
				},
			]
		: [];
}

/** Servers of a cluster that others hear of, and that do not answer at their monitoring port. */
const ofNodes = (state: DeploymentState, config: Config, now: number): ReturnType<Rule['check']> =>
	lookAtNodes(state, config, now).flatMap(({service, status, isHeard}) => {
		const node = own(state.nats.nodes ?? {}, service);
		const monitor = nodesOf(config).find((one) => one.service === service)?.monitor;
		return node && isHeard && status === 'up' && isHealthyInside(state, service)
			? [
					{
						...symptom(service, list(monitor, node.error)),
						severity: 'warning' as const,
						title: `${service} is not reached at its monitoring port`,
						advice: `restart ${service} when it suits`,
						beganAt: node.since,
					},
				]
			: [];
	});

function ofEndpoints({health, metrics, ...state}: DeploymentState): ReturnType<Rule['check']> {
	const all = {health, metrics, ...state};
	const silent = [...Object.values(health), ...Object.values(metrics)].filter(
		({service, status}) => status === 'unreachable' && service !== undefined && isHealthyInside(all, service),
	);
	return [...new Map(silent.map((endpoint) => [endpoint.service ?? '', endpoint])).values()].map(
		({service = '', url, detail, since}) => ({
			...symptom(service, list(url, detail)),
			runbook: serviceRunbookId(service),
			beganAt: since,
		}),
	);
}

const symptom = (service: string, evidence: string) => ({
	id: `port-dead:${service}`,
	severity: 'critical' as const,
	title: `${service} is not reached at its published port`,
	evidence: list('its own health check passes, and from this host', evidence),
	afterMs: provenAfterMs,
});
