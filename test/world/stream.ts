import {between, none, nth, only, type Ranges, sizeOf, union, without} from './ranges.ts';

/** A stream's configuration, in the words of the API. */
export type StreamConfig = {
	name: string;
	subjects: string[];
	retention: 'limits' | 'interest' | 'workqueue';
	storage: 'file' | 'memory';
	discard: 'old' | 'new';
	max_bytes: number;
	max_msgs: number;
	sealed?: boolean;
	deny_purge?: boolean;
	metadata?: Record<string, string>;
} & Record<string, unknown>;

export type ConsumerConfig = {
	durable_name: string;
	deliver_policy?: string;
	opt_start_seq?: number;
	filter_subject?: string;
	max_ack_pending?: number;
	max_deliver?: number;
	pause_until?: string;
	metadata?: Record<string, string>;
} & Record<string, unknown>;

export type WorldConsumer = {
	name: string;
	config: ConsumerConfig;
	created: number;
	delivered: number;
	/** Everything up to here was acknowledged. */
	floor: number;
	deliveredCount: number;
	lastActive: number;
};

/** Messages that went, and by whom. */
export type Removal = {at: number; by: string; what: 'purge' | 'acknowledged' | 'limit'; messages: Ranges};

export type WorldStream = {
	config: StreamConfig;
	/** When it was made: with its name, its identity. */
	created: number;
	present: Ranges;
	last: number;
	/** Where an empty stream begins. */
	floor: number;
	bytesOfOne: number;
	consumers: Map<string, WorldConsumer>;
	/** By consumer, present or gone: what was acknowledged. */
	acknowledged: Map<string, Ranges>;
	removals: Removal[];
};

/** A subject ends in one of so many numbers, and a message has that of its sequence: so filters can be counted. */
export const kinds = 4;

export const makeStream = (config: StreamConfig, created: number, bytesOfOne = 100): WorldStream => ({
	config,
	created,
	present: none,
	last: 0,
	floor: 0,
	bytesOfOne,
	consumers: new Map(),
	acknowledged: new Map(),
	removals: [],
});

export const messagesOf = ({present}: WorldStream): number => sizeOf(present);
export const bytesOf = (stream: WorldStream): number => messagesOf(stream) * stream.bytesOfOne;
export const firstOf = ({present, floor}: WorldStream): number => present[0]?.[0] ?? floor;

/** The kind that a filter wants: `orders.2` wants 2. */
const wantedKind = ({filter_subject: filter}: ConsumerConfig): number | undefined => {
	const kind = Number(filter?.split('.').at(-1));
	return Number.isInteger(kind) ? kind : undefined;
};

/** How many of these messages a consumer wants. */
export function wantedOf(messages: Ranges, config: ConsumerConfig): number {
	const kind = wantedKind(config);
	return kind === undefined
		? sizeOf(messages)
		: messages.reduce((sum, [from, to]) => sum + upTo(to, kind) - upTo(from - 1, kind), 0);
}

const upTo = (seq: number, kind: number): number => Math.floor((seq - kind) / kinds);

/** The sequence of the message after which so many that are wanted were passed. */
function passed(messages: Ranges, config: ConsumerConfig, count: number): number | undefined {
	const kind = wantedKind(config);
	if (kind === undefined) {
		return nth(messages, count - 1);
	}
	let left = count;
	for (const [from, to] of messages) {
		const here = upTo(to, kind) - upTo(from - 1, kind);
		if (here >= left) {
			return (upTo(from - 1, kind) + left) * kinds + kind;
		}
		left -= here;
	}
	return messages.at(-1)?.[1];
}

/** What a consumer has not been given yet. */
export const pendingOf = ({present, last}: WorldStream, {delivered, config}: WorldConsumer): number =>
	wantedOf(between(present, delivered + 1, last), config);

export const ackPendingOf = ({present}: WorldStream, {floor, delivered, config}: WorldConsumer): number =>
	wantedOf(between(present, floor + 1, delivered), config);

/** Publishes messages. Answers how many were taken: a full stream that discards the new refuses. */
export function publish(stream: WorldStream, count: number, at: number): number {
	const {config, consumers} = stream;
	if (config.sealed) {
		return 0;
	}
	let taken = count;
	const most = roomOf(stream);
	if (config.discard === 'new') {
		taken = Math.max(0, Math.min(count, most - messagesOf(stream)));
	}
	if (taken === 0) {
		return 0;
	}
	const added = only(stream.last + 1, stream.last + taken);
	stream.last += taken;
	if (config.retention === 'interest' && consumers.size === 0) {
		stream.floor = stream.last + 1;
		return taken;
	}
	stream.present = union(stream.present, added);
	const over = messagesOf(stream) - most;
	if (over > 0) {
		remove(stream, between(stream.present, 1, nth(stream.present, over - 1)!), 'limit', 'the limit', at);
	}
	return taken;
}

function roomOf({config: {max_bytes: bytes, max_msgs: messages}, bytesOfOne}: WorldStream): number {
	return Math.min(
		bytes > 0 ? Math.floor(bytes / bytesOfOne) : Number.MAX_SAFE_INTEGER,
		messages > 0 ? messages : Number.MAX_SAFE_INTEGER,
	);
}

/** A client takes up to so many messages from its consumer and acknowledges them, and holds some more. */
export function consume(
	stream: WorldStream,
	consumer: WorldConsumer,
	count: number,
	at: number,
	holds = 10,
): void {
	const waiting = between(stream.present, consumer.floor + 1, stream.last);
	const ready = Math.min(count, wantedOf(waiting, consumer.config));
	if (ready > 0) {
		const floor = passed(waiting, consumer.config, ready)!;
		const before = stream.acknowledged.get(consumer.name) ?? none;
		stream.acknowledged.set(consumer.name, union(before, only(consumer.floor + 1, floor)));
		consumer.floor = floor;
		consumer.deliveredCount += ready;
		consumer.lastActive = at;
	}
	const held = Math.min(holds, consumer.config.max_ack_pending ?? holds);
	const rest = between(stream.present, consumer.floor + 1, stream.last);
	consumer.delivered = Math.max(
		consumer.delivered,
		consumer.floor,
		rest.length === 0
			? 0
			: (passed(rest, consumer.config, Math.min(held, wantedOf(rest, consumer.config))) ?? 0),
	);
	dropAcknowledged(stream, at);
}

function dropAcknowledged(stream: WorldStream, at: number): void {
	const {config, consumers, present} = stream;
	if (config.retention === 'limits' || consumers.size === 0) {
		return;
	}
	const floor = Math.min(...[...consumers.values()].map((consumer) => consumer.floor));
	if ((present[0]?.[0] ?? Number.POSITIVE_INFINITY) <= floor) {
		remove(stream, between(present, 1, floor), 'acknowledged', 'the consumers', at);
	}
}

/** The server's purge. Answers what went. */
export function purge(stream: WorldStream, keep: number | 'nothing', by: string, at: number): Ranges {
	const count = messagesOf(stream) - (keep === 'nothing' ? 0 : keep);
	if (count <= 0) {
		return none;
	}
	const gone = between(stream.present, 1, nth(stream.present, count - 1)!);
	remove(stream, gone, 'purge', by, at);
	const first = firstOf(stream);
	// A consumer is moved up to what is left. (nats-server, consumer.go, purge)
	for (const consumer of stream.consumers.values()) {
		consumer.floor = Math.max(consumer.floor, first - 1);
		consumer.delivered = Math.max(consumer.delivered, first - 1);
	}
	return gone;
}

function remove(stream: WorldStream, messages: Ranges, what: Removal['what'], by: string, at: number): void {
	stream.present = without(stream.present, messages);
	stream.floor = stream.present[0]?.[0] ?? stream.last + 1;
	const last = stream.removals.at(-1);
	if (what !== 'purge' && last?.what === what) {
		last.messages = union(last.messages, messages);
	} else {
		stream.removals.push({at, by, what, messages});
	}
}

/** Makes a consumer as its configuration says where it begins. (nats-server, consumer.go, selectStartingSeqNo) */
export function makeConsumer(stream: WorldStream, config: ConsumerConfig, at: number): WorldConsumer {
	const start = {
		all: firstOf(stream),
		new: stream.last + 1,
		last: stream.last,
		by_start_sequence: config.opt_start_seq ?? 1,
	}[config.deliver_policy ?? 'all'];
	const before = Math.max(0, (start ?? firstOf(stream)) - 1);
	const consumer = {
		name: config.durable_name,
		config,
		created: at,
		delivered: before,
		floor: before,
		deliveredCount: 0,
		lastActive: 0,
	};
	stream.consumers.set(consumer.name, consumer);
	return consumer;
}

/** How many of these messages a consumer has not acknowledged. */
export const unprocessedOf = (stream: WorldStream, messages: Ranges, {name, config}: WorldConsumer): number =>
	wantedOf(without(messages, stream.acknowledged.get(name) ?? none), config);
