import {isCluster, majorityOf, type Node, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {
	type ClusterState,
	type NodeState,
	type ReplicaState,
	remoteOf,
	replicaSeenMs,
} from '../state/cluster.ts';
import {isBlind} from '../state/reading.ts';
import {own} from '../state/record.ts';
import {isLive} from '../state/run.ts';
import {isDetached} from '../state/service.ts';
import type {DeploymentState, ServiceState, StreamState} from '../state/types.ts';
import {engineIsDown, isStoppedByRun, missingServices} from './questions.ts';
import {containerEvidence, containerSince, forAge, list} from './words.ts';

/** A poll of healthz may fail once on a busy host; twice in a row it does not. */
const awayAfterMs = 2000;

/** A server that was started catches up with the others, and says meanwhile that it is not healthy. */
export const catchUpMs = 10_000;

/** An election takes up to 9 s; who has no leader for longer has none. */
export const electionMs = 10_000;

/** How old a view may be and still count as the present. */
const viewFreshMs = 10_000;

/** One server of the cluster as it is now, fused from its container, its monitoring port and what the others hear of it. */
export type NodeLook = {
	/** The Compose service. */
	service: string;
	/** The server's own name; the service where it was never read. */
	name: string;
	/** `unknown` until something was seen of it. */
	status: 'up' | 'unhealthy' | 'booting' | 'down' | 'paused' | 'hung' | 'unknown';
	/** The figures that say so. */
	evidence: string;
	/** Why it is not healthy, in its own words. */
	error?: string | undefined;
	since?: number | undefined;
	/** Its port does not answer, and others hear of it all the same. */
	isHeard?: boolean;
	/** A run that goes on has stopped it or is starting it. */
	byRun: boolean;
	/** It is known through the system account alone: no runbook reaches it. */
	remote?: true;
	/** What it says, where that is recent and the server works. */
	view?: NodeState['view'];
};

/** The servers of the cluster, in the order of the configuration; after them those that only the system account knows. */
export const lookAtNodes = (state: DeploymentState, config: Config, now: number): NodeLook[] => [
	...nodesOf(config).map((node) => lookAtNode(node, state, config, now)),
	...remoteNodes(state, now).map((node) => ({
		service: node.service,
		name: node.service,
		byRun: false,
		remote: true as const,
		...(now - node.at < viewFreshMs
			? byMonitor(node, state, now, false)
			: {status: 'unknown' as const, evidence: ''}),
	})),
];

/** Nobody has asked for longer: the system account is away, or the server was taken out. */
const forgottenMs = 5 * 60_000;

const remoteNodes = (state: DeploymentState, now = state.at): NodeState[] =>
	remoteOf(state.nats.nodes).filter(({at}) => now - at < forgottenMs);

/** Whether the deployment has several servers: by its configuration, or by what the system account tells. */
export const isClustered = (state: DeploymentState, config: Config): boolean =>
	isCluster(config) || remoteNodes(state).length > 0;

function lookAtNode({service, monitor}: Node, state: DeploymentState, config: Config, now: number): NodeLook {
	const node = own(state.nats.nodes ?? {}, service);
	const container = own(state.services, service);
	const base = {
		service,
		name: node?.view?.serverName || service,
		byRun: isByRun(state, service, container),
	};
	const isAnswering = node !== undefined && node.status !== 'unreachable';
	const isMissing = missingServices(state, config).includes(service);
	const isEnded = (container?.status ?? 'running') !== 'running' && !isBlind(container?.reading);
	if (!engineIsDown(state) && (isMissing ? !isAnswering : isEnded)) {
		return {
			...base,
			status: container?.status === 'paused' ? 'paused' : 'down',
			evidence: containerEvidence(container, now),
			since: containerSince(container),
		};
	}
	if (!node) {
		// Without a port it is known by its container alone.
		return {
			...base,
			status: monitor === undefined && container?.status === 'running' ? 'up' : 'unknown',
			evidence: '',
		};
	}
	const isReadable = !engineIsDown(state) && !isBlind(container?.reading);
	return {
		...base,
		...byMonitor(node, state, now, isReadable && container?.status === 'running', {
			isUnhealthy: isReadable && (container?.health === 'unhealthy' || (container && isDetached(container))),
		}),
	};
}

function byMonitor(
	node: NodeState,
	state: DeploymentState,
	now: number,
	runs: boolean,
	{isUnhealthy = false}: {isUnhealthy?: boolean | undefined} = {},
): Pick<NodeLook, 'status' | 'evidence' | 'error' | 'since' | 'view' | 'isHeard'> {
	const {status, error, since, left, remote} = node;
	const view = node.view && now - node.view.at < viewFreshMs ? node.view : undefined;
	switch (status) {
		case 'ok':
			return {status: 'up', evidence: '', view};
		case 'booting':
			return {status: 'booting', evidence: list('it recovers its streams', forAge(since, now)), since};
		case 'unavailable':
			return {status: 'unhealthy', evidence: list(error, forAge(since, now)), error, since, view};
		case 'unreachable': {
			// Where the others hear of it, or the console itself, only its monitoring port is away: see source-unknown.
			if (node.answers) {
				return {status: 'unknown', evidence: list(error, forAge(since, now)), since};
			}
			if (now - since < awayAfterMs && !left) {
				return {status: 'up', evidence: ''};
			}
			if (heardAt(node, state) > since + awayAfterMs) {
				return {status: 'up', evidence: '', isHeard: true};
			}
			// A port that the console cannot reach is no word of the server: somebody else must miss it, too.
			if (!left && !isUnhealthy && !isMissed(node, state, now)) {
				return {status: 'unknown', evidence: list(error, forAge(since, now)), since};
			}
			const isHung = !left && (runs || remote === true);
			return {
				status: isHung ? 'hung' : 'down',
				evidence: list(
					runs && 'container running',
					`${remote ? '' : 'healthz: '}${error ?? 'no answer'}`,
					forAge(since, now),
				),
				since,
			};
		}
	}
}

/**
Whether other servers miss it: their leader has not heard of it, or they have no leader. One that only the system account
knows was asked for by all of them.
*/
function isMissed({service, view, remote}: NodeState, {nats}: DeploymentState, now: number): boolean {
	const name = view?.serverName ?? service;
	const tellers = Object.values(nats.nodes ?? {}).flatMap(({service: other, status, view: seen}) =>
		other !== service && status !== 'unreachable' && seen && now - seen.at < viewFreshMs ? [seen] : [],
	);
	return (
		remote === true ||
		tellers.some(
			({meta, leaderlessSince}) =>
				leaderlessSince !== undefined ||
				meta?.replicas.some((replica) => replica.name === name && (replica.offline || isUnseen(replica))),
		)
	);
}

const isUnseen = ({activeMs}: ReplicaState): boolean => activeMs > replicaSeenMs;

/** When somebody else last heard of a server. */
function heardAt({service, view}: NodeState, {nats}: DeploymentState): number {
	const name = view?.serverName;
	if (name === undefined) {
		return 0;
	}
	const others = Object.values(nats.nodes ?? {}).filter((node) => node.service !== service);
	// Only a leader hears of all the others.
	const times = others.flatMap(({view: teller}) =>
		(teller?.meta?.replicas ?? [])
			.filter(
				(replica) =>
					replica.name === name &&
					replica.activeMs > 0 &&
					[name, teller?.serverName].includes(teller?.meta?.leader),
			)
			.map((replica) => (teller?.at ?? 0) - replica.activeMs),
	);
	const isOurs = nats.connection.status === 'connected' && nats.server?.name === name;
	return Math.max(0, ...times, isOurs ? (nats.connection.rttAt ?? 0) : 0);
}

function isByRun(state: DeploymentState, service: string, container: ServiceState | undefined): boolean {
	const {run} = state;
	return (
		isStoppedByRun(state, service) ||
		(run !== undefined && isLive(run) && (container?.startedAt ?? 0) >= run.startedAt)
	);
}

/** Whether a server takes part in decisions: what is not known to be away is not counted as lost. */
export const isAble = ({status}: NodeLook): boolean =>
	status === 'up' || status === 'unhealthy' || status === 'unknown';

/** The Compose service of a server by its own name; its name where it is none of those that are configured. */
export const serviceOf = (name: string, state: DeploymentState): string =>
	Object.values(state.nats.nodes ?? {}).find(({view}) => view?.serverName === name)?.service ?? name;

/** Whether a stream, or a consumer, is kept by so many able servers that it can decide anything. */
export function hasMajority(
	{leader, replicas}: ClusterState,
	numReplicas: number | undefined,
	lost: ReadonlySet<string>,
): boolean {
	const members = [...(leader === undefined ? [] : [leader]), ...replicas.map(({name}) => name)];
	const able = members.filter((name) => !lost.has(name)).length;
	return able >= majorityOf(Math.max(numReplicas ?? 1, members.length));
}

/** Streams that no server answers for, and not only while they elect a leader. */
export function silentStreams(state: DeploymentState): {name: string; stream?: StreamState; since: number}[] {
	return Object.entries(state.nats.unanswered ?? {})
		.map(([name, since]) => ({name, stream: own(state.streams, name), since}))
		.filter(
			({stream, since}) => (stream?.numReplicas ?? 1) === 1 || (state.streamsAt ?? 0) - since >= silentMs,
		);
}

/**
From the first list that says so to the last one. The server takes 4 s to say that nobody answers, so with these it is
longer than an election.
*/
export const silentMs = 6000;
