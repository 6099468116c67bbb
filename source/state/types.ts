import type {ClusterState, Conflict, NodeState} from './cluster.ts';
import type {RunState} from './run.ts';

/**
What is known of a deployment. The whole state is one plain serialisable object, so that it can be recorded,
replayed, compared and put in a bug report. Times are milliseconds since the epoch; every part carries the
time of the observation that it comes from (`at`), so that a screen can show how old a figure is.
*/
export type DeploymentState = {
	deployment: string;
	/** The name of the machine that the console runs on. */
	host: string;
	production: boolean;
	/** What the charts are drawn of; without it, the largest of all. */
	watched?: {stream: string; consumer: string};
	startedAt: number;
	/** The newest time that any observation carried. */
	at: number;
	sources: Record<string, SourceState>;
	engine?: EngineState;
	/** By Compose service name. */
	services: Record<string, ServiceState>;
	/** When the containers were last listed; undefined until then, so that none seen is not none there. */
	containersAt?: number;
	nats: NatsState;
	/** By stream name. */
	streams: Record<string, StreamState>;
	/** When the streams were last listed; undefined until then. */
	streamsAt?: number;
	/** By endpoint name. */
	health: Record<string, HealthState>;
	/** By endpoint name. */
	metrics: Record<string, MetricsState>;
	logs: LogState;
	history: HistoryState;
	/** The newest run that the journal knows, if it is recent or still goes on. */
	run?: RunState;
	/** When the incident began: the first critical finding or the first run. */
	incidentSince?: number;
	/** How far its escalation is; undefined until a process waits for it. */
	escalation?: EscalationState;
};

/** The escalation of the incident, as its process tells of it. */
export type EscalationState = {
	/** Who gets the report: names of programs, hosts of webhooks. */
	to: string[];
	/** When it is sent. */
	dueAt: number;
	/** Whether a process waits or sends. */
	alive: boolean;
	/** How often it was sent, with or without success. */
	attempts: number;
	/** Who has got it. */
	delivered: string[];
	deliveredAt?: number;
	/** When it was given up. */
	failedAt?: number;
	/** Why somebody has not got it, with who: `pager: it ended with code 1`. */
	error?: string;
};

/** Whether a source of observations works: `docker`, `nats`, `monitor`, `node:<service>`, `records`, `health:<name>`, `metrics:<name>`, `logs:<service>`. */
export type SourceState = {
	status: 'starting' | 'up' | 'down';
	/** When it became so. */
	since: number;
	/** When it was last seen working. */
	lastUpAt?: number;
	/** Why it is down, in the words of an operator. */
	error?: string;
};

export type EngineState = {
	at: number;
	version: string;
	apiVersion: string;
};

/** Docker's own words for a container's state, and `missing` for a service whose container was removed. */
export type ContainerStatus =
	| 'created'
	| 'running'
	| 'paused'
	| 'restarting'
	| 'removing'
	| 'exited'
	| 'dead'
	| 'missing';

export type ServiceState = {
	at: number;
	/** Compose's name of the service; the key under which it is known. */
	service: string;
	/** Empty when missing. */
	containerId: string;
	containerName: string;
	image: string;
	status: ContainerStatus;
	/** `none` where the container has no health check. */
	health: 'none' | 'starting' | 'healthy' | 'unhealthy';
	exitCode: number;
	oomKilled: boolean;
	/** Docker's RestartCount: restarts by the restart policy since the container was made. */
	restarts: number;
	startedAt?: number;
	finishedAt?: number;
	/** When the status last changed as this console saw it. */
	statusSince: number;
	/** When the health last changed as this console saw it. */
	healthSince?: number;
	/** When this console saw that the container had been started anew. */
	restartedAt?: number;
	/** The times of its last restarts as this console saw them, oldest first, at most ten. */
	restartTimes?: number[];
	/** How the container ended last, as far as this console saw an end. */
	lastExit?: {at: number; exitCode: number; oomKilled: boolean};
	/** When the kernel last killed a process of it because its memory was at the limit, as this console saw it. */
	oomAt?: number;
	/** Services that this one depends on, from the label `com.docker.compose.depends_on`. */
	dependsOn: string[];
	/** Networks that the container is attached to. */
	networks: string[];
	/** Its addresses in them: by these the server knows who is connected. */
	addresses: string[];
	/** Cores that it may use; undefined without a limit. */
	cpuLimit?: number;
	/** Host ports that are published: `127.0.0.1:4222->4222/tcp`. */
	ports: string[];
	stopTimeoutSeconds?: number;
	/** The last output of the health check when it failed, one line. */
	healthOutput?: string;
	stats?: {
		at: number;
		/** Per cent of one core, as `docker stats` has it. Undefined until two samples were taken. */
		cpuPercent?: number;
		memoryBytes: number;
		memoryLimitBytes: number;
	};
};

export type NatsState = {
	connection: {
		status: 'connecting' | 'connected' | 'disconnected' | 'refused';
		since: number;
		/** Without user or password. */
		url: string;
		rttMs?: number;
		rttAt?: number;
		reconnects: number;
		error?: string;
	};
	/** `INFO` that the server sent when the client connected. */
	server?: {name: string; version: string; clientId: number; maxPayloadBytes: number};
	/** GET /healthz of the monitoring port. */
	healthz?: {
		at: number;
		/** `booting`: answers, but is not ready for connections yet. Never restart such a server. */
		status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
		error?: string;
		elapsedMs: number;
		since: number;
	};
	varz?: {
		at: number;
		serverName: string;
		version: string;
		startedAt: number;
		connections: number;
		maxConnections: number;
		/** Clients cut off because they read too slowly, since the server's start. */
		slowConsumers: number;
		/** When that number last rose as this console saw it, and by how many. */
		slowConsumersRose?: {at: number; by: number};
		cpuPercent: number;
		memoryBytes: number;
		inMessagesPerSecond?: number;
		outMessagesPerSecond?: number;
		inMessages: number;
		outMessages: number;
	};
	jsz?: {
		at: number;
		enabled: boolean;
		streams: number;
		consumers: number;
		messages: number;
		/** Bytes of file storage in use and its limit (`max_file_store`); a limit of 0 or less is none. */
		storageBytes: number;
		maxStorageBytes: number;
		memoryBytes: number;
		maxMemoryBytes: number;
		apiErrors: number;
		/** Bytes of file storage that streams have reserved (`max_bytes` of each); undefined where the server does not say. */
		reservedBytes?: number;
	};
	/** GET /connz: who is connected. Undefined where there are more than the console reads. */
	connz?: {
		at: number;
		/** Connections by the address that they come from. */
		byAddress: Record<string, number>;
	};
	/** The disk under the server's store, where the console can see it. */
	disk?: {at: number; freeBytes: number; totalBytes: number};
	/** `$JS.API.INFO` of the account that the console uses. -1 means unlimited. */
	account?: {
		at: number;
		storageBytes: number;
		maxStorageBytes: number;
		memoryBytes: number;
		maxMemoryBytes: number;
		streams: number;
		maxStreams: number;
		consumers: number;
		maxConsumers: number;
	};
	/** The servers of a cluster by Compose service; undefined where none is configured. */
	nodes?: Record<string, NodeState>;
	/** What the nodes tell differently, by kind and subject. */
	conflicts?: Record<string, Conflict>;
	/** Streams that are there and that no server answers for, by name, and since when. */
	unanswered?: Record<string, number>;
};

export type StreamState = {
	at: number;
	name: string;
	subjects: string[];
	messages: number;
	bytes: number;
	/** -1 means unlimited. */
	maxBytes: number;
	maxMessages: number;
	discard: 'old' | 'new';
	storage: 'file' | 'memory';
	firstSeq: number;
	lastSeq: number;
	/** When the oldest and the newest message were stored, by the server's clock. */
	firstAt?: number;
	lastAt?: number;
	numDeleted: number;
	/** Who decides that a message goes: limits, or what consumers acknowledged. */
	retention: 'limits' | 'interest' | 'workqueue';
	/** Milliseconds; 0 is none. */
	maxAgeMs: number;
	/** -1 means unlimited. */
	maxMessagesPerSubject: number;
	/** Whether messages may carry an end of their own (`allow_msg_ttl`). */
	messageTtl: boolean;
	/** What the stream copies from: its mirror or its sources. */
	upstreams: Upstream[];
	sealed: boolean;
	denyPurge: boolean;
	metadata: Record<string, string>;
	/** Who keeps it, in a cluster. */
	cluster?: ClusterState;
	/** How many servers should keep it. */
	numReplicas?: number;
	/** Consumers that are there and that no server answers for, by name, and since when. */
	unansweredConsumers?: Record<string, number>;
	/** From the change of the last sequence between two observations. */
	inPerSecond?: number;
	/** From the change of the first sequence between two observations: what limits or purges remove. */
	outPerSecond?: number;
	/** Change of the bytes a second over some seconds, and over half a minute; positive when it fills. */
	bytesPerSecond?: number;
	bytesTrendPerSecond?: number;
	/** Since when the bytes have been rising. */
	fillingSince?: number;
	/** The rate of messages over some minutes: what is usual. */
	usualPerSecond?: number;
	/** When this console first saw a message come, and when last. */
	busySince?: number;
	movedAt?: number;
	/** The longest that nothing came, between two that did, in milliseconds. */
	longestQuietMs?: number;
	/** The sequences went back: another stream of the same name, or one whose files were lost. */
	began?: {at: number; from: number; to: number};
	/** Messages went that no limit of the stream explains: a purge, or a loss. */
	removed?: {at: number; messages: number};
	/** Messages between the first and the last went that no limit explains. */
	gaps?: {at: number; messages: number};
	/** When somebody deleted it, by the server's advisory. */
	deletedAt?: number;
	/** Known from an earlier start of the console, and not seen since. */
	remembered?: boolean;
	/** False once a list no longer has it. */
	present: boolean;
	/** By consumer name. */
	consumers: Record<string, ConsumerState>;
	/** When the consumers were last listed; undefined until then. */
	consumersAt?: number;
};

/** The mirror or a source of a stream, as `nats stream info` has it. */
export type Upstream = {
	kind: 'mirror' | 'source';
	name: string;
	/** Messages that it is behind. */
	lag: number;
	/** How long ago it was last heard of, in milliseconds; undefined where never. */
	activeMs?: number;
	error?: string;
};

export type ConsumerState = {
	at: number;
	name: string;
	durable: boolean;
	/** `num_pending`: stored, matching, never delivered to this consumer. natscli: "Unprocessed Messages". */
	lag: number;
	/** `num_ack_pending`: delivered, not acknowledged. */
	ackPending: number;
	/** -1 means unlimited. */
	maxAckPending: number;
	redelivered: number;
	/** Pull requests that wait. */
	waiting: number;
	pull: boolean;
	/** Whether anybody listens where messages are pushed to. */
	pushBound: boolean;
	paused: boolean;
	deliveredStreamSeq: number;
	deliveredConsumerSeq: number;
	ackFloorStreamSeq: number;
	lastDeliveredAt?: number;
	lastAckAt?: number;
	metadata: Record<string, string>;
	/** Who keeps it, in a cluster. */
	cluster?: ClusterState;
	/** Change of the lag a second, smoothed; positive when it grows. */
	lagPerSecond?: number;
	deliveredPerSecond?: number;
	/** When the lag last was at or below the level that counts as none. */
	lagZeroAt?: number;
	/** Since when the lag has been growing without a pause; undefined while it does not. */
	lagGrowingSince?: number;
	/** When this console first saw it: a time of a move that is the same was not seen moving. */
	firstSeenAt?: number;
	/** When the ack floor last moved as this console saw it. */
	floorMovedAt: number;
	/** When a message was last delivered for the first time, as this console saw it. */
	deliveredMovedAt?: number;
	/** Messages that were given up after `max_deliver` attempts, by the server's advisories, and the last time. */
	maxDeliveries?: {at: number; messages: number};
	/** When somebody deleted it, by the server's advisory. */
	deletedAt?: number;
	/** Since when the consumer has been ahead of its stream: what it waits for was numbered already, and lost. */
	aheadSince?: number;
	present: boolean;
};

export type HealthState = {
	at: number;
	name: string;
	service?: string;
	url: string;
	status: 'healthy' | 'unhealthy' | 'unreachable' | 'malformed';
	httpStatus?: number;
	/** What the endpoint said, in a few words: `nats healthy`, `nats unhealthy`, `connection refused`. */
	detail: string;
	elapsedMs: number;
	/** When the status last changed. */
	since: number;
};

export type MetricsState = {
	at: number;
	name: string;
	service?: string;
	url: string;
	status: 'ok' | 'missing' | 'unreachable' | 'malformed';
	detail: string;
	/** `nats_lag_messages`, summed over its series. */
	lagMessages?: number;
	/** `nats_storage_pressure_bytes`, summed over its series. */
	storageBytes?: number;
	/** When one of the two last changed. */
	valueSince: number;
	elapsedMs: number;
	since: number;
};

export type LogLine = {
	at: number;
	service: string;
	/** Increases by one with each line of the console's life; a stable key. */
	seq: number;
	stderr: boolean;
	/** Sanitised, one line. */
	text: string;
	/** The signatures that the line matches. */
	matches: string[];
};

export type LogRate = {
	at: number;
	perSecond: number;
	/** Since when the lines of the next figure are counted, and how many there were. */
	since: number;
	lines: number;
};

export type LogState = {
	/** The newest lines of all services together, oldest first, at most `maxLogLines`. */
	lines: LogLine[];
	/** By `service` then signature: the times of the matches of the last minutes, oldest first, bounded. */
	matches: Record<string, Record<string, number[]>>;
	/** The number of the newest line: how many were read in the console's life. */
	lastSeq?: number;
	/** By service: lines a second over the last second or more in which some came, up to `at`. */
	rates?: Record<string, LogRate>;
};

/** A ring of samples, oldest first, one each `sampleEveryMs`, for the charts. */
export type Series = {at: number; value: number}[];

export type HistoryState = {
	/** Lag of the watched consumer (the largest lag of all where none is named). */
	lag: Series;
	/** Bytes of the watched stream. */
	storage: Series;
};
