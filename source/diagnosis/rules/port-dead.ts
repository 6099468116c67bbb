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
		"The container's own health check passes and the engine publishes the port, but the port refuses connections. The engine's proxy died, or a packet filter rejects them.",
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

/**
The engine says that it publishes the port, and there it refuses. A port that is not published, a name that does not resolve,
a certificate or silence is the matter of the address or of the network: no restart mends them.
*/
const isDead = (
	state: DeploymentState,
	service: string,
	url: string | undefined,
	error: string | undefined,
): boolean =>
	isHealthyInside(state, service) &&
	/connection (refused|reset|closed)/i.test(error ?? '') &&
	(own(state.services, service)?.ports ?? []).some((port) => portOf(url) === /:(\d+)->/.exec(port)?.[1]);

function portOf(url: string | undefined): string | undefined {
	const first = url?.split(',')[0] ?? '';
	const parsed = URL.parse(first.includes('://') ? first : `nats://${first}`);
	const usual: Record<string, string> = {'nats:': '4222', 'tls:': '4222', 'http:': '80', 'https:': '443'};
	return parsed ? parsed.port || usual[parsed.protocol] : undefined;
}

function ofServer(state: DeploymentState, config: Config): ReturnType<Rule['check']> {
	const {connection, healthz} = state.nats;
	const {service} = config.nats;
	const isAway = connection.status === 'disconnected' && healthz?.status === 'unreachable';
	const isMonitorDead = isDead(state, service, config.nats.monitor, healthz?.error);
	if (healthz?.status === 'unreachable' && natsAnswers(state) && isMonitorDead) {
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
	return isAway && isDead(state, service, connection.url, connection.error)
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
		return node && isHeard && status === 'up' && isDead(state, service, monitor, node.error)
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
		({service, status, url, detail}) =>
			status === 'unreachable' && service !== undefined && isDead(all, service, url, detail),
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
