import type {DiskState, JszState, VarzState} from './server.ts';

/** A member of a Raft group as the one who tells of it sees it. */
export type ReplicaState = {
	/** The server's name. */
	name: string;
	/** Whether it has all that the leader has. */
	current: boolean;
	offline: boolean;
	/** How long ago it was last heard of; 0 where it never was. */
	activeMs: number;
	/** Operations that it lacks. */
	lag: number;
	/** Since when it has been behind without a pause (see `isBehind`); undefined while it is not. */
	behindSince?: number;
};

/** Who keeps a stream or a consumer: `cluster` of its info. There is none on a server that is alone. */
export type ClusterState = {
	/** The server's name; undefined where there is no leader. */
	leader?: string;
	/** Those beside the leader. */
	replicas: ReplicaState[];
};

/** A stream as one node has it on its own disk. */
export type NodeStream = {
	leader?: string;
	firstSeq: number;
	lastSeq: number;
	messages: number;
	/** The last sequence at the look before: a busy stream was somewhere between the two. */
	lastSeqBefore?: number;
};

/** The group that decides which streams and consumers there are, as one node sees it. */
export type MetaState = {
	/** The server's name; undefined where this node knows of no leader. */
	leader?: string;
	/** How many servers the group has, whether they work or not. */
	size: number;
	/** Decisions that are not yet carried out. */
	pending: number;
	/** Only the leader tells of the others. */
	replicas: ReplicaState[];
};

/** What one node of a cluster says of itself and of the cluster. */
export type NodeView = {
	serverName: string;
	serverId: string;
	/** Empty where it is in no cluster. */
	clusterName: string;
	version: string;
	startedAt: number;
	/** The servers that it has a route to: names, and ids where the version gives no names. */
	routes: string[];
	/** Undefined where JetStream is off or is no cluster's. */
	meta?: MetaState;
	/** By `<account> > <stream>`: those that this node keeps. */
	streams: Record<string, NodeStream>;
};

/** A server of the cluster. */
export type NodeState = {
	/** The time of the newest answer or failure of /healthz. */
	at: number;
	/** The Compose service, or the server's own name where it is `remote`; the key under which it is known. */
	service: string;
	/** The configuration does not name it: it is known through the system account alone, and no runbook reaches it. */
	remote?: true;
	status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
	/** Somebody answers at its monitoring port, and what it says is no answer of /healthz. */
	answers?: true;
	/** It said itself that it goes: then it is not waited for. */
	left?: true;
	error?: string;
	elapsedMs: number;
	/** When the status last changed. */
	since: number;
	/** What it said last; kept while it is away, for its name. */
	view?: NodeView & {at: number; leaderlessSince?: number};
	varz?: VarzState;
	jsz?: JszState;
	disk?: DiskState;
};

/** Something that the nodes tell differently. */
export type Conflict = {
	kind: 'meta-leader' | 'cluster-name' | 'peers' | 'stream-leader' | 'stream-sequence' | 'route';
	/** `<account> > <stream>`, or the two services of a route. */
	subject?: string;
	/** Who says what. */
	evidence: string;
	/** When it was first seen, by the console's clock. */
	since: number;
	/** When it was last seen. */
	at: number;
};

/** From here on a replica lags, as `nats server check jetstream` has it. */
export const replicaLagMost = 200;

/** After this long without a word a replica counts as unseen, as `nats server check jetstream` has it. */
export const replicaSeenMs = 5000;

/** Whether a replica can't take its leader's place now. */
export const isBehind = ({current, offline, activeMs, lag}: ReplicaState): boolean =>
	offline || !current || lag > replicaLagMost || activeMs > replicaSeenMs;

/** The servers that only the system account knows. */
export const remoteOf = (nodes: Record<string, NodeState> = {}): NodeState[] =>
	Object.values(nodes).filter(({remote}) => remote);
