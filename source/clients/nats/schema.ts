import * as z from 'zod';
import type {ConsumerFacts, StreamFacts} from '../../state/observation.ts';
import {sanitize} from '../../text/sanitize.ts';
import {clusterSchema, toClusterFacts} from './cluster.ts';

const text = (max = 300) => z.string().transform((value) => sanitize(value, max));
const number = z.number().catch(0);
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

/** `io.nats.jetstream.api.v1.stream_info_response`, the parts that are watched. `config` is kept whole, for a recreate. */
export const streamInfoSchema = z.object({
	config: z.looseObject({
		name: text(),
		subjects: z.array(text()).nullish().catch([]),
		max_bytes: z.number().catch(-1),
		max_msgs: z.number().catch(-1),
		discard: z.enum(['old', 'new']).catch('old'),
		storage: z.enum(['file', 'memory']).catch('file'),
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
		last_seq: number,
		last_ts: z.string().catch(''),
		num_deleted: number,
		consumer_count: number,
	}),
});

export type StreamInfo = z.infer<typeof streamInfoSchema>;

const sequence = z
	.object({consumer_seq: number, stream_seq: number, last_active: z.string().optional().catch(undefined)})
	.catch({consumer_seq: 0, stream_seq: 0});

/** `io.nats.jetstream.api.v1.consumer_info_response`, the parts that are watched. */
export const consumerInfoSchema = z.object({
	stream_name: text(),
	name: text(),
	config: z.looseObject({
		durable_name: z.string().optional(),
		deliver_subject: z.string().optional(),
		max_ack_pending: z.number().catch(-1),
		metadata,
	}),
	delivered: sequence,
	ack_floor: sequence,
	num_ack_pending: number,
	num_redelivered: number,
	num_waiting: number,
	num_pending: number,
	paused: z.boolean().catch(false),
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

/**
What a stream's info is to the console.

@param missing - Consumers that are there and that no server answers for.
*/
export function toStreamFacts(
	{config, state, cluster}: StreamInfo,
	consumers?: ConsumerInfo[],
	missing: string[] = [],
): StreamFacts {
	return {
		name: config.name,
		subjects: config.subjects ?? [],
		messages: state.messages,
		bytes: state.bytes,
		maxBytes: config.max_bytes,
		maxMessages: config.max_msgs,
		discard: config.discard,
		storage: config.storage,
		firstSeq: state.first_seq,
		lastSeq: state.last_seq,
		lastAt: time(state.last_ts),
		numDeleted: state.num_deleted,
		sealed: config.sealed,
		denyPurge: config.deny_purge,
		metadata: config.metadata,
		...(cluster && {cluster: toClusterFacts(cluster), numReplicas: config.num_replicas ?? 1}),
		consumers: consumers?.map(toConsumerFacts),
		...(missing.length > 0 && {missingConsumers: missing}),
	};
}

/** What a consumer's info is to the console. */
export function toConsumerFacts(info: ConsumerInfo): ConsumerFacts {
	return {
		name: info.name,
		durable: info.config.durable_name !== undefined,
		lag: info.num_pending,
		ackPending: info.num_ack_pending,
		maxAckPending: info.config.max_ack_pending,
		redelivered: info.num_redelivered,
		waiting: info.num_waiting,
		pull: info.config.deliver_subject === undefined,
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
