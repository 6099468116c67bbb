import type {ClusterState} from './cluster.ts';
import type {Reading} from './reading.ts';

/** What only time tells of a stream, beside the rates of its messages: see stream-changes.ts. */
export type StreamChanges = {
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
	/** The sequences went back: one whose files were lost, or, with `anew`, another stream of the same name. */
	began?: {at: number; from: number; to: number; anew?: true};
	/** Messages went that no limit of the stream explains: a purge, or a loss. */
	removed?: {at: number; messages: number};
	/** Messages between the first and the last went that no limit explains. */
	gaps?: {at: number; messages: number};
};

export type StreamState = StreamChanges & {
	at: number;
	name: string;
	/** When it was made, by the server's clock: another stream of the same name has another time. */
	created?: number;
	/** Where it was read; see `sourceOfFigures`. */
	readFrom?: string;
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
	/** When somebody deleted it, or changed its configuration, by the server's advisories. */
	deletedAt?: number;
	updatedAt?: number;
	/** Known from an earlier start of the console, and not seen since. */
	remembered?: boolean;
	/** False once the server says that it is not there. */
	present: boolean;
	/** How far it was read at the last look; undefined until it was looked for. */
	reading?: Reading;
	/** How far the list of its consumers was read. */
	consumersReading?: Reading;
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
	/** When it was made, by the server's clock. */
	created?: number;
	durable: boolean;
	/** `num_pending`: stored, matching, never delivered to this consumer. natscli: "Unprocessed Messages". */
	lag: number;
	/** `num_ack_pending`: delivered, not acknowledged. */
	ackPending: number;
	/** -1 means unlimited. */
	maxAckPending: number;
	redelivered: number;
	/** How long a message may stay unacknowledged, in milliseconds; undefined where the server does not say. */
	ackWaitMs?: number;
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
	/** How fast the ack floor moves, stream sequences a second. */
	floorPerSecond?: number;
	/** When the ack floor last moved as this console saw it. */
	floorMovedAt: number;
	/** When a message was last delivered for the first time, as this console saw it. */
	deliveredMovedAt?: number;
	/** Messages that were given up after `max_deliver` attempts, by the server's advisories, and the last time. */
	maxDeliveries?: {at: number; messages: number};
	/** When somebody deleted it, by the server's advisory. */
	deletedAt?: number;
	/** The first look that it was missing from. */
	goneAt?: number;
	/** Since when messages have waited that nobody asks for; the longest that this lasted until one was delivered. */
	idleSince?: number;
	longestIdleMs?: number;
	/** Since when the consumer has been ahead of its stream: what it waits for was numbered already, and lost. */
	aheadSince?: number;
	present: boolean;
	/** How far it was read at the last look; undefined until it was looked for. */
	reading?: Reading;
};
