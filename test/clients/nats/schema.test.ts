import {describe, expect, it} from 'vitest';
import {
	apiErrorSchema,
	consumerInfoSchema,
	streamInfoSchema,
	toConsumerFacts,
	toStreamFacts,
} from '../../../source/clients/nats/schema.ts';

// `$JS.API.STREAM.INFO.TITAN_INTENTS` and `$JS.API.CONSUMER.INFO…` of nats-server 2.15.1.
const stream = {
	type: 'io.nats.jetstream.api.v1.stream_info_response',
	config: {
		name: 'TITAN_INTENTS',
		subjects: ['titan.intents.>'],
		retention: 'limits',
		max_consumers: -1,
		max_msgs: -1,
		max_bytes: 67_108_864,
		max_age: 3_600_000_000_000,
		discard: 'new',
		storage: 'file',
		num_replicas: 1,
		sealed: false,
		deny_delete: false,
		deny_purge: false,
		metadata: {'_nats.level': '3', 'io.nats.monitor.lag-critical': '100'},
	},
	created: '2026-11-23T19:28:12.1Z',
	state: {
		messages: 4421,
		bytes: 1_260_000,
		first_seq: 1,
		first_ts: '2026-11-23T19:28:12.2Z',
		last_seq: 4421,
		last_ts: '2026-11-23T19:32:45Z',
		consumer_count: 1,
	},
};
const consumer = {
	stream_name: 'TITAN_INTENTS',
	name: 'execution-consumer',
	config: {durable_name: 'execution-consumer', ack_policy: 'explicit', max_ack_pending: 1000},
	delivered: {consumer_seq: 4420, stream_seq: 4420, last_active: '2026-11-23T19:32:44Z'},
	ack_floor: {consumer_seq: 4418, stream_seq: 4418},
	num_ack_pending: 2,
	num_redelivered: 0,
	num_waiting: 1,
	num_pending: 1,
};

describe('the answers of JetStream', () => {
	it('become what is watched', () => {
		const facts = toStreamFacts(streamInfoSchema.parse(stream), [consumerInfoSchema.parse(consumer)]);
		expect(facts).toEqual({
			name: 'TITAN_INTENTS',
			created: Date.parse('2026-11-23T19:28:12.1Z'),
			subjects: ['titan.intents.>'],
			messages: 4421,
			bytes: 1_260_000,
			maxBytes: 67_108_864,
			maxMessages: -1,
			discard: 'new',
			storage: 'file',
			firstSeq: 1,
			lastSeq: 4421,
			lastAt: Date.parse('2026-11-23T19:32:45Z'),
			numDeleted: 0,
			sealed: false,
			denyPurge: false,
			retention: 'limits',
			maxAgeMs: 3_600_000,
			maxMessagesPerSubject: -1,
			messageTtl: false,
			upstreams: [],
			firstAt: Date.parse(stream.state.first_ts),
			metadata: stream.config.metadata,
			consumers: [
				{
					name: 'execution-consumer',
					durable: true,
					lag: 1,
					ackPending: 2,
					maxAckPending: 1000,
					redelivered: 0,
					waiting: 1,
					pull: true,
					pushBound: false,
					paused: false,
					deliveredStreamSeq: 4420,
					deliveredConsumerSeq: 4420,
					ackFloorStreamSeq: 4418,
					lastDeliveredAt: Date.parse('2026-11-23T19:32:44Z'),
					lastAckAt: undefined,
					metadata: {},
				},
			],
		});
	});

	it('keep the whole configuration, for a recreate', () => {
		expect(streamInfoSchema.parse(stream).config).toEqual(stream.config);
		expect(consumerInfoSchema.parse(consumer).config).toMatchObject(consumer.config);
	});

	it('tell an ephemeral push consumer from a durable pull one', () => {
		const {durable, pull} = toConsumerFacts(
			consumerInfoSchema.parse({...consumer, config: {deliver_subject: 'x', max_ack_pending: 5}}),
		);
		expect({durable, pull}).toEqual({durable: false, pull: false});
	});

	it('stand nonsense in what is only shown', () => {
		const facts = toStreamFacts(
			streamInfoSchema.parse({
				...stream,
				config: {name: 'S\u001b[2J', subjects: null, discard: 'both', sealed: 'yes', metadata: [1]},
				created: 5,
				state: {...stream.state, last_ts: 7},
			}),
			[
				consumerInfoSchema.parse({
					...consumer,
					name: 'c\u202ed',
					config: {metadata: {'a\u0007': 'b\u001b[31m'}},
					paused: 5,
				}),
			],
		);
		expect(facts).toMatchObject({name: 'S', maxBytes: -1, discard: 'old'});
		expect(facts).toMatchObject({sealed: false, metadata: {}, subjects: [], lastAt: undefined});
		expect(facts.consumers).toMatchObject([{name: 'cd', lag: 1, paused: false, metadata: {a: 'b'}}]);
	});

	it.each([
		['messages', {state: {...stream.state, messages: 'many'}}],
		['bytes', {state: {...stream.state, bytes: null}}],
		['a sequence', {state: {...stream.state, last_seq: undefined}}],
		['a limit', {config: {...stream.config, max_bytes: 'all'}}],
	])('are not read with nonsense in a figure: 0 and "no limit" are figures, too: %s', (_, changes) => {
		expect(streamInfoSchema.safeParse({...stream, ...changes}).success).toBe(false);
	});

	it.each([{num_pending: '5000'}, {num_ack_pending: undefined}, {ack_floor: null}, {delivered: 'none'}])(
		'a consumer is not read with %j',
		(changes) => {
			expect(consumerInfoSchema.safeParse({...consumer, ...changes}).success).toBe(false);
		},
	);

	it.each([null, 5, [], {}, {config: {}}, {config: {name: 5}, state: {}}])(
		'refuse %j as a stream',
		(hostile) => {
			expect(streamInfoSchema.safeParse(hostile).success).toBe(false);
		},
	);

	it('read a refusal, also one without a code of its own', () => {
		const refusal = {error: {code: 503, description: 'no\u001b[31m suitable peers'}};
		expect(apiErrorSchema.parse(refusal).error).toEqual({code: 503, description: 'no suitable peers'});
		expect(apiErrorSchema.safeParse({...stream}).success).toBe(false);
	});
});
