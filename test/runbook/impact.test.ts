import {describe, expect, it} from 'vitest';
import {computeImpact} from '../../source/runbook/impact.ts';
import {lossSentence} from '../../source/runbook/steps/purge.ts';
import type {ConsumerFacts, StreamFacts} from '../../source/state/observation.ts';

const consumer = (facts: Partial<ConsumerFacts>): ConsumerFacts => ({
	name: 'c',
	durable: true,
	lag: 0,
	ackPending: 0,
	maxAckPending: 1000,
	redelivered: 0,
	waiting: 0,
	pull: true,
	pushBound: false,
	paused: false,
	deliveredStreamSeq: 0,
	deliveredConsumerSeq: 0,
	ackFloorStreamSeq: 0,
	metadata: {},
	...facts,
});

const stream = (facts: Partial<StreamFacts>): StreamFacts => ({
	name: 'S',
	subjects: [],
	messages: 5000,
	bytes: 500_000,
	maxBytes: -1,
	maxMessages: -1,
	discard: 'old',
	storage: 'file',
	firstSeq: 1,
	lastSeq: 5000,
	numDeleted: 0,
	retention: 'limits',
	maxAgeMs: 0,
	maxMessagesPerSubject: -1,
	messageTtl: false,
	upstreams: [],
	sealed: false,
	denyPurge: false,
	metadata: {},
	...facts,
});

const loss = (facts: Partial<ConsumerFacts>, keep: number, of: Partial<StreamFacts> = {}) => {
	const [first] = computeImpact(stream({...of, consumers: [consumer(facts)]}), keep, 0).consumers;
	return [first!.neverDelivered, first!.unacknowledged, first!.keeps];
};

describe('computeImpact', () => {
	it.each([
		[1000, 4000, 400_000],
		[4999, 1, 100],
		[5000, 0, 0],
		[9000, 0, 0],
		[0, 5000, 500_000],
	])('keeping %d removes %d messages, %d bytes', (keep, removedMessages, removedBytes) => {
		expect(computeImpact(stream({}), keep, 7)).toMatchObject({
			at: 7,
			stream: 'S',
			keep,
			messages: 5000,
			bytes: 500_000,
			removedMessages,
			removedBytes,
		});
	});

	it('removes nothing from an empty stream', () => {
		expect(computeImpact(stream({messages: 0, bytes: 0, firstSeq: 5001}), 0, 0)).toMatchObject({
			removedMessages: 0,
			removedBytes: 0,
			unprocessed: 0,
		});
	});

	// [never delivered, unacknowledged, what stays of the backlog]
	it.each([
		// Measured: pending 4,500 and ack pending 300 became 1,000 and 0.
		[
			'one far behind',
			{lag: 4500, ackPending: 300, deliveredStreamSeq: 500, ackFloorStreamSeq: 200},
			1000,
			[3500, 300, 1000],
		],
		['one that has all', {deliveredStreamSeq: 5000, ackFloorStreamSeq: 5000}, 1000, [0, 0, 0]],
		[
			'one that is within what stays',
			{lag: 500, ackPending: 100, deliveredStreamSeq: 4500, ackFloorStreamSeq: 4400},
			1000,
			[0, 0, 600],
		],
		[
			'one whose unacknowledged reach into what stays',
			{lag: 900, ackPending: 200, deliveredStreamSeq: 4100, ackFloorStreamSeq: 3900},
			1000,
			[0, 100, 1000],
		],
		['one that never began', {lag: 5000}, 1000, [4000, 0, 1000]],
		['one that never began, keeping nothing', {lag: 5000}, 0, [5000, 0, 0]],
		[
			'all of the backlog, keeping nothing',
			{lag: 10, ackPending: 5, deliveredStreamSeq: 4990, ackFloorStreamSeq: 4980},
			0,
			[10, 5, 0],
		],
		['nothing where all is kept', {lag: 5000, ackPending: 5}, 5000, [0, 0, 5005]],
	] as const)('takes from %s', (_, facts, keep, expected) => {
		expect(loss(facts, keep)).toEqual(expected);
	});

	it('takes from a filtered consumer no more than it waits for', () => {
		// 40 of the messages match; all of them may be among the removed.
		expect(loss({lag: 40, deliveredStreamSeq: 100, ackFloorStreamSeq: 100}, 1000)).toEqual([40, 0, 0]);
	});

	it('errs to the safe side where the sequence has gaps', () => {
		// 2,000 messages in sequences 1 to 5,000: the first that is kept is at 4,001 or before.
		const gaps = {messages: 2000, numDeleted: 3000};
		const [never, unacknowledged] = loss(
			{lag: 1500, deliveredStreamSeq: 1000, ackFloorStreamSeq: 1000},
			1000,
			gaps,
		);
		expect(never).toBeLessThanOrEqual(1000);
		expect(never).toBeGreaterThanOrEqual(500);
		expect(unacknowledged).toBe(0);
	});

	it('does not count what an earlier purge took from a consumer', () => {
		expect(loss({lag: 2000}, 1000, {messages: 2000, firstSeq: 3001})).toEqual([1000, 0, 1000]);
		expect(loss({lag: 2000}, 2000, {messages: 2000, firstSeq: 3001})).toEqual([0, 0, 2000]);
	});

	it('names the largest loss of any one consumer, not the sum', () => {
		const consumers = [
			consumer({name: 'a', lag: 5000}),
			consumer({name: 'b', lag: 4800, deliveredStreamSeq: 200}),
		];
		expect(computeImpact(stream({consumers}), 1000, 0).unprocessed).toBe(4000);
		expect(computeImpact(stream({consumers: undefined}), 1000, 0)).toMatchObject({
			consumers: [],
			unprocessed: 0,
		});
	});
});

describe('lossSentence', () => {
	const impact = (...consumers: ConsumerFacts[]) => computeImpact(stream({consumers}), 1000, 0);

	it('says from whom, and where the backup is', () => {
		const behind = consumer({
			name: 'slow',
			lag: 4500,
			ackPending: 300,
			deliveredStreamSeq: 500,
			ackFloorStreamSeq: 200,
		});
		expect(lossSentence(impact(behind), '/b/S')).toBe(
			'4,000 messages, among them 3,500 never delivered to slow, 300 unacknowledged by slow. All are in the backup /b/S.',
		);
	});

	it('says that nobody needed them, and that there is no backup', () => {
		expect(
			lossSentence(impact(consumer({deliveredStreamSeq: 5000, ackFloorStreamSeq: 5000})), undefined),
		).toBe('4,000 messages, none that a consumer still needed. There is no backup.');
	});
});
