import {type Node, nodesOf} from '../../config/nodes.ts';
import type {Deployment, Healthz} from '../../deployment/deployment.ts';
import type {NodeView} from '../../state/cluster.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {ReadContext} from '../context.ts';

/** One server of a cluster before something is done to it. */
export type NodeNow = {
	/** The Compose service. */
	service: string;
	/** The server's own name; the service where it does not say. */
	name: string;
	container?: ContainerFacts | undefined;
	/**
	`catching-up`: it works and has not yet all that the others have. `unhealthy`: it works and says of itself that
	something is wrong. `cut-off`: it works and hears nothing of the leader that the others have.
	*/
	condition: 'well' | 'catching-up' | 'unhealthy' | 'cut-off' | 'booting' | 'hung' | 'paused' | 'down';
	/** Why it is so, in a few words; empty where it is well. */
	why: string;
	meta?: NodeView['meta'];
};

// What has just been started does not listen yet.
const startMs = 5000;
const secondLookMs = 300;

/** The servers as they are now, by their containers and their monitoring ports. Never throws for a server that does not answer. */
export async function lookAtNodes({deployment, config, signal}: ReadContext): Promise<NodeNow[]> {
	const containers = await deployment.engine.containers();
	const nodes = await Promise.all(
		nodesOf(config).map((node) =>
			lookAtNode(
				node,
				containers.find(({service}) => service === node.service),
				deployment,
				signal,
			),
		),
	);
	const hasLeader = leaderOf(nodes) !== undefined;
	return nodes.map((node) =>
		hasLeader && isCutOff(node, deployment.clock.now()) ? {...node, condition: 'cut-off'} : node,
	);
}

/** One that was started hears of its leader within a second or two. */
const contactMs = 10_000;

const isCutOff = ({condition, why, container}: NodeNow, now: number): boolean =>
	condition === 'catching-up' &&
	/not established contact with a meta leader/i.test(why) &&
	now - (container?.startedAt ?? 0) >= contactMs;

async function lookAtNode(
	{service, monitor}: Node,
	container: ContainerFacts | undefined,
	{server, clock}: Deployment,
	signal: AbortSignal,
): Promise<NodeNow> {
	const base = {service, name: service, container};
	if (container && container.status !== 'running') {
		return container.status === 'paused'
			? {...base, condition: 'paused', why: 'paused'}
			: {...base, condition: 'down', why: container.status};
	}
	if (monitor === undefined) {
		return container
			? {...base, condition: 'well', why: ''}
			: {...base, condition: 'down', why: 'no container'};
	}
	let healthz = await server.healthz(monitor, signal);
	if (healthz.status === 'unreachable') {
		await clock.delay(secondLookMs, signal);
		healthz = await server.healthz(monitor, signal);
	}
	const judged = judge(healthz, container, clock.now());
	if (judged.condition === 'hung' || judged.condition === 'down') {
		return {...base, ...judged};
	}
	const view = await server.node(monitor, signal).catch(() => undefined);
	return {...base, ...judged, name: view?.serverName || service, ...(view?.meta && {meta: view.meta})};
}

/** What a server's own word means, and its silence. */
function judge(
	{status, answers, error = ''}: Healthz,
	container: ContainerFacts | undefined,
	now: number,
): Pick<NodeNow, 'condition' | 'why'> {
	switch (status) {
		case 'ok':
			return {condition: 'well', why: ''};
		case 'booting':
			return {condition: 'booting', why: 'booting'};
		case 'unavailable':
			return {
				// It says so until it has heard of the leader and has what it missed.
				condition: /meta leader|not current/i.test(error) ? 'catching-up' : 'unhealthy',
				why: error,
			};
		case 'unreachable': {
			// Somebody answers there: it is not known how it is, and that is no reason to restart it.
			if (answers) {
				return {condition: 'catching-up', why: error};
			}
			if (!container) {
				return {condition: 'down', why: 'no container'};
			}
			const isNew = now - (container.startedAt ?? 0) < startMs;
			return isNew
				? {condition: 'booting', why: 'starting'}
				: {condition: 'hung', why: `no answer: ${error}`};
		}
	}
}

/** Whether a server takes part in what the cluster decides. */
export const isWorking = ({condition}: NodeNow): boolean =>
	condition === 'well' || condition === 'catching-up' || condition === 'unhealthy';

/** Whether a server must be started or restarted before the others are touched. */
export const isBroken = ({condition}: NodeNow): boolean =>
	['down', 'paused', 'hung', 'unhealthy', 'cut-off'].includes(condition);

/** Whether a server that is broken takes part in nothing: to start it costs nothing. The others may still have a vote. */
export const isAway = ({condition}: NodeNow): boolean => ['down', 'paused', 'cut-off'].includes(condition);

/** The name of the server that leads the cluster, as those that work tell it. */
export const leaderOf = (nodes: readonly NodeNow[]): string | undefined =>
	nodes.filter(isWorking).find(({meta}) => meta?.leader !== undefined)?.meta?.leader;

/** `titan-nats-2 is down and titan-nats-3 is paused`. */
export const conditionsOf = (nodes: readonly NodeNow[]): string =>
	nodes.map(({service, condition}) => `${service} ${conditionWords[condition]}`).join(' and ');

const conditionWords: Record<NodeNow['condition'], string> = {
	well: 'is well',
	'catching-up': 'is catching up',
	unhealthy: 'is unhealthy',
	'cut-off': 'is cut off from the others',
	booting: 'is booting',
	hung: 'does not answer',
	paused: 'is paused',
	down: 'is down',
};
