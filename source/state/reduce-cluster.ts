import {type ClusterState, isBehind, type NodeState, type ReplicaState} from './cluster.ts';
import {findConflicts} from './conflicts.ts';
import type {ObservationOf} from './observation.ts';
import {own, put} from './record.ts';
import {share} from './share.ts';
import type {NatsState} from './types.ts';

/** /healthz of one server; `since` moves only with the status, and what it said last is kept. */
export function reduceNode(nats: NatsState, observation: ObservationOf<'node'>): NatsState {
	const {at, service, remote, left, status, answers, error, elapsedMs} = observation;
	const nodes = nats.nodes ?? {};
	const previous = own(nodes, service);
	const next: NodeState = {
		at,
		service,
		status,
		elapsedMs,
		...(remote && {remote}),
		...(left && {left}),
		...(answers && {answers}),
		since: previous?.status === status ? previous.since : at,
		...(error !== undefined && {error}),
		...(previous && figuresOf(previous)),
	};
	return patch(nats, put(nodes, service, share(previous, next)));
}

/** What is kept while it is away. */
const figuresOf = ({view, varz, jsz, disk}: NodeState): Partial<NodeState> => ({
	...(view && {view}),
	...(varz && {varz}),
	...(jsz && {jsz}),
	...(disk && {disk}),
});

/** What is measured of one server of the cluster. */
export function reduceNodeFigures(
	nats: NatsState,
	service: string,
	figures: Partial<Pick<NodeState, 'varz' | 'jsz' | 'disk'>>,
): NatsState {
	const nodes = nats.nodes ?? {};
	const previous = own(nodes, service);
	return previous ? patch(nats, put(nodes, service, share(previous, {...previous, ...figures}))) : nats;
}

/** What a server says of itself and of the cluster, and with it what the servers tell differently now. */
export function reduceNodeView(nats: NatsState, {service, view, at}: ObservationOf<'node-view'>): NatsState {
	const nodes = nats.nodes ?? {};
	const previous = own(nodes, service);
	if (!previous) {
		return nats;
	}
	// Of another life of the server, or of long ago, nothing can be carried on.
	const before =
		previous.view?.startedAt === view.startedAt && at - previous.view.at < viewFreshMs
			? previous.view
			: undefined;
	const leaderless = view.meta !== undefined && view.meta.leader === undefined;
	const next = {
		...view,
		at,
		streams: Object.fromEntries(
			Object.entries(view.streams).map(([key, stream]) => {
				const lastSeqBefore = before && own(before.streams, key)?.lastSeq;
				return [key, lastSeqBefore === undefined ? stream : {...stream, lastSeqBefore}];
			}),
		),
		...(leaderless && {leaderlessSince: before?.leaderlessSince ?? at}),
	};
	const after = patch(
		nats,
		put(withoutGhost(nodes, service, view), service, share(previous, {...previous, view: next})),
	);
	const conflicts = Object.fromEntries(
		findConflicts(Object.values(after.nodes ?? {}), at).map(({key, ...found}) => {
			const since = own(nats.conflicts ?? {}, key)?.since ?? at;
			return [key, {...found, since, at}];
		}),
	);
	return Object.keys(conflicts).length === 0 && after.conflicts === undefined
		? after
		: {...after, conflicts: share(after.conflicts, conflicts)};
}

/** A server that the system account told of is one of those that are named: now its name is known. */
function withoutGhost(
	nodes: Record<string, NodeState>,
	service: string,
	{serverName}: {serverName: string},
): Record<string, NodeState> {
	const ghost = own(nodes, serverName);
	if (!ghost?.remote || serverName === service) {
		return nodes;
	}
	const {[serverName]: _ghost, ...rest} = nodes;
	return rest;
}

/** How old a view may be and still tell of now: it is read each third second. */
export const viewFreshMs = 10_000;

function patch(nats: NatsState, nodes: Record<string, NodeState>): NatsState {
	return nats.nodes === nodes ? nats : {...nats, nodes};
}

/** A group with how long its members have been behind. */
export function reduceGroup(
	previous: ClusterState | undefined,
	facts: ClusterState | undefined,
	at: number,
): ClusterState | undefined {
	if (!facts) {
		return undefined;
	}
	const before = new Map(previous?.replicas.map((replica) => [replica.name, replica]));
	return share(previous, {...facts, replicas: facts.replicas.map((replica) => since(before, replica, at))});
}

function since(before: Map<string, ReplicaState>, replica: ReplicaState, at: number): ReplicaState {
	return isBehind(replica) ? {...replica, behindSince: before.get(replica.name)?.behindSince ?? at} : replica;
}

/** The names that nobody answers for, with since when. */
export function reduceUnanswered(
	previous: Record<string, number> | undefined,
	names: readonly string[],
	at: number,
): Record<string, number> | undefined {
	return names.length === 0
		? undefined
		: share(previous, Object.fromEntries(names.map((name) => [name, own(previous ?? {}, name) ?? at])));
}
