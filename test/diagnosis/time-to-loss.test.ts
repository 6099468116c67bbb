import {describe, expect, test} from 'vitest';
import {lossWords, timeToLoss} from '../../source/diagnosis/time-to-loss.ts';
import type {ConsumerState, StreamState} from '../../source/state/types.ts';
import {mebibyte, now, well} from '../state/fixture.ts';

const stream = (changes: Partial<StreamState> = {}): StreamState => ({
	...well().streams['TITAN_INTENTS']!,
	discard: 'old',
	messages: 1000,
	bytes: mebibyte,
	maxBytes: 2 * mebibyte,
	maxMessages: -1,
	maxAgeMs: 0,
	firstSeq: 1,
	lastSeq: 1000,
	inPerSecond: 10,
	at: now,
	...changes,
});
const consumer = (changes: Partial<ConsumerState> = {}): ConsumerState => ({
	...stream().consumers['execution-consumer']!,
	lag: 500,
	ackPending: 0,
	ackFloorStreamSeq: 500,
	floorPerSecond: 5,
	...changes,
});

describe('the time until messages are lost', () => {
	test('is what room and what is processed are, by what the lag grows', () => {
		// Room for 1000 more, and 500 that are processed go before; 10 come a second, and 5 are worked off.
		expect(timeToLoss(stream(), consumer())).toBe(300_000);
		expect(timeToLoss(stream({maxMessages: 1100}), consumer())).toBe(120_000);
		expect(lossWords(stream(), consumer())).toBe('messages are lost in 5 m');
	});

	test('is now where the stream is full and nothing in it is processed', () => {
		const full = stream({maxMessages: 1000});
		expect(timeToLoss(full, consumer({ackFloorStreamSeq: 0, lag: 1000}))).toBe(0);
		expect(lossWords(full, consumer({ackFloorStreamSeq: 0, lag: 1000}))).toBe('messages are being lost');
	});

	test('is of the whole stream, also for a consumer that takes one subject of a hundred', () => {
		const one = consumer({lag: 5, lagPerSecond: 0.1, floorPerSecond: 0, ackFloorStreamSeq: 0});
		expect(timeToLoss(stream({maxMessages: 1100, inPerSecond: 100}), one)).toBe(1000);
	});

	test('is by age, too: what waits for longer than max_age goes', () => {
		const aging = stream({maxBytes: -1, maxAgeMs: 200_000, firstAt: now - 100_000, lastAt: now});
		// The next one of the consumer came half of the way ago, and its service works off half of what comes.
		expect(timeToLoss(aging, consumer())).toBeCloseTo((200_000 - 50_000) * 2, -3);
		// One that stands still.
		expect(timeToLoss(aging, consumer({floorPerSecond: 0}))).toBeCloseTo(150_000, -3);
	});

	test.each([
		['it works as fast as is published', stream(), consumer({floorPerSecond: 10})],
		['nothing is published', stream({inPerSecond: 0}), consumer()],
		['the stream refuses at its limit', stream({discard: 'new'}), consumer()],
		['it has no limit', stream({maxBytes: -1}), consumer()],
		['everything is processed', stream(), consumer({lag: 0})],
	])('there is none where %s', (_, given, of) => {
		expect(timeToLoss(given, of)).toBeUndefined();
	});

	test('is not told where it is days away', () => {
		expect(lossWords(stream({maxBytes: 2 ** 40}), consumer())).toBeUndefined();
	});
});
