import * as z from 'zod';
import type {ConsumerFacts, StreamFacts} from '../../state/observation.ts';
import type {Upstream} from '../../state/types.ts';
import {sanitize} from '../../text/sanitize.ts';
import {clusterSchema, toClusterFacts} from './cluster.ts';

const text = (max = 300) => z.string().transform((value) => sanitize(value, max));
/** A figure that the server always gives. A row without it is not read: 0 would be a figure, too, and a calm one. */
const number = z.number();
/** A limit that the server leaves out if there is none; one that is no number is not "none". */
const limit = z.number().default(-1);
const metadata = z
	.record(z.string(), z.string())
	.nullish()
	.catch(undefined)
	.transform((record) =>
		Object.fromEntries(
			Object.entries(record ?? {}).map(([key, value]) => [sanitize(key, 100), sanitize(value, 200)]),
		),
	);

/** The error part of any JetStream API answer (https://docs.nats.io/reference/reference-protocols/nats_api_reference). */
export const apiErrorSchema = z.object({
	error: z.object({code: z.number(), err_code: z.number().optional(), description: text().catch('')}),
});

/** `stream_source_info`: how far a mirror or a source is. */
const upstreamSchema = z.object({
	name: text(),
	lag: z.number().catch(0),
	/** Nanoseconds since it was last heard of; -1 where never. */
	active: z.number().catch(-1),
	error: z
		.object({description: text().catch('')})
		.optional()
		.catch(undefined),
});

/** `io.nats.jetstream.api.v1.stream_info_response`, the parts that are watched. `config` is kept whole, for a recreate. */
export const streamInfoSchema = z.object({
	config: z.looseObject({
		name: text(),
		subjects: z.array(text()).nullish().catch([]),
		max_bytes: limit,
		max_msgs: limit,
		discard: z.enum(['old', 'new']).catch('old'),
		storage: z.enum(['file', 'memory']).catch('file'),
		// Nothing is added here that the server did not say: it goes back to one in a recovery.
		retention: z.enum(['limits', 'interest', 'workqueue']).optional().catch(undefined),
		/** Nanoseconds. */
		max_age: z.number().optional().catch(undefined),
		max_msgs_per_subject: z.number().optional().catch(undefined),
		allow_msg_ttl: z.boolean().optional().catch(undefined),
		sealed: z.boolean().catch(false),
		deny_purge: z.boolean().catch(false),
		num_replicas: z.number().optional().catch(undefined),
		metadata,
	}),
	created: z.string().catch(''),
	cluster: clusterSchema,
	state: z.object({
		messages: number,
		bytes: number,
		first_seq: number,
		first_ts: z.string().catch(''),
		last_seq: number,
		last_ts: z.string().catch(''),
		/** Left out if there are none. */
		num_deleted: z.number().default(0),
		consumer_count: number,
	}),
	mirror: upstreamSchema.nullish().catch(undefined),
	sources: z.array(upstreamSchema).nullish().catch(undefined),
});

export type StreamInfo = z.infer<typeof streamInfoSchema>;

const sequence = z.object({
	consumer_seq: number,
	stream_seq: number,
	last_active: z.string().optional().catch(undefined),
});

/** `io.nats.jetstream.api.v1.consumer_info_response`, the parts that are watched. */
export const consumerInfoSchema = z.object({
	stream_name: text(),
	name: text(),
	created: z.string().catch(''),
	config: z.looseObject({
		durable_name: z.string().optional(),
		deliver_subject: z.string().optional(),
		max_ack_pending: limit,
		/** Nanoseconds. */
		ack_wait: z.number().optional().catch(undefined),
		metadata,
	}),
	delivered: sequence,
	ack_floor: sequence,
	num_ack_pending: number,
	num_redelivered: number,
	num_waiting: number,
	num_pending: number,
	paused: z.boolean().catch(false),
	push_bound: z.boolean().catch(false),
	cluster: clusterSchema,
});

export type ConsumerInfo = z.infer<typeof consumerInfoSchema>;

/** `io.nats.jetstream.api.v1.account_info_response`. */
export const accountSchema = z.object({
	memory: number,
	storage: number,
	streams: number,
	consumers: number,
	limits: z.object({
		max_memory: z.number().catch(-1),
		max_storage: z.number().catch(-1),
		max_streams: z.number().catch(-1),
		max_consumers: z.number().catch(-1),
	}),
});

/** `io.nats.jetstream.api.v1.stream_purge_response`. */
export const purgeSchema = z.object({success: z.boolean(), purged: z.number()});

const time = (value: string | undefined): number | undefined => {
	const at = Date.parse(value ?? '');
	return at > 0 ? at : undefined;
};

/** Milliseconds are enough: nobody makes two of one name within one. */
function made(created: string): {created?: number} {
	const at = time(created);
	return at === undefined ? {} : {created: at};
}

/**
What a stream's info is to the console.

@param missing - Consumers that are there and that no server answers for.
*/
export function toStreamFacts(
	{config, created, state, mirror, sources, cluster}: StreamInfo,
	consumers?: ConsumerInfo[],
	missing: string[] = [],
): StreamFacts {
	return {
		name: config.name,
		...made(created),
		subjects: config.subjects ?? [],
		messages: state.messages,
		bytes: state.bytes,
		maxBytes: config.max_bytes,
		maxMessages: config.max_msgs,
		discard: config.discard,
		storage: config.storage,
		firstSeq: state.first_seq,
		lastSeq: state.last_seq,
		firstAt: state.messages > 0 ? time(state.first_ts) : undefined,
		lastAt: time(state.last_ts),
		numDeleted: state.num_deleted,
		retention: config.retention ?? 'limits',
		maxAgeMs: (config.max_age ?? 0) / 1e6,
		maxMessagesPerSubject: config.max_msgs_per_subject ?? -1,
		messageTtl: config.allow_msg_ttl ?? false,
		upstreams: [
			...(mirror ? [toUpstream('mirror', mirror)] : []),
			...(sources ?? []).map((source) => toUpstream('source', source)),
		],
		sealed: config.sealed,
		denyPurge: config.deny_purge,
		metadata: config.metadata,
		...(cluster && {cluster: toClusterFacts(cluster), numReplicas: config.num_replicas ?? 1}),
		consumers: consumers?.map(toConsumerFacts),
		...(missing.length > 0 && {missingConsumers: missing}),
	};
}

const toUpstream = (
	kind: Upstream['kind'],
	{name, lag, active, error}: z.infer<typeof upstreamSchema>,
): Upstream => ({
	kind,
	name,
	lag,
	...(active >= 0 && {activeMs: active / 1e6}),
	...(error && {error: error.description || 'error'}),
});

/** What a consumer's info is to the console. */
export function toConsumerFacts(info: ConsumerInfo): ConsumerFacts {
	return {
		name: info.name,
		...made(info.created),
		durable: info.config.durable_name !== undefined,
		lag: info.num_pending,
		ackPending: info.num_ack_pending,
		maxAckPending: info.config.max_ack_pending,
		...(info.config.ack_wait !== undefined && {ackWaitMs: info.config.ack_wait / 1e6}),
		redelivered: info.num_redelivered,
		waiting: info.num_waiting,
		pull: info.config.deliver_subject === undefined,
		pushBound: info.push_bound,
		paused: info.paused,
		deliveredStreamSeq: info.delivered.stream_seq,
		deliveredConsumerSeq: info.delivered.consumer_seq,
		ackFloorStreamSeq: info.ack_floor.stream_seq,
		lastDeliveredAt: time(info.delivered.last_active),
		lastAckAt: time(info.ack_floor.last_active),
		metadata: info.config.metadata,
		...(info.cluster && {cluster: toClusterFacts(info.cluster)}),
	};
}
