import {describe, expect, test} from 'vitest';
import type {ConsumerFacts, Observation, StreamFacts} from '../../source/state/observation.ts';
import {consumer, observe, start, stream, streams, t0} from './fixture.ts';

const look = (second: number, changes: Partial<StreamFacts> = {}): Observation =>
	streams(t0 + second * 1000, stream(changes));
const ofConsumer = (
	second: number,
	changes: Partial<ConsumerFacts>,
	more: Partial<StreamFacts> = {},
): Observation => look(second, {...more, consumers: [consumer(changes)]});
const state = (...observations: Observation[]) => observe(start(), ...observations);
const intents = (...observations: Observation[]) => state(...observations).streams['TITAN_INTENTS'];
const execution = (...observations: Observation[]) =>
	intents(...observations)?.consumers['execution-consumer'];

describe('rates of a stream', () => {
	test('come from its sequences', () => {
		const first = intents(look(0));
		expect(first?.inPerSecond).toBeUndefined();
		const second = intents(look(0), look(2, {lastSeq: 5200, firstSeq: 101}));
		expect(second).toMatchObject({inPerSecond: 100, outPerSecond: 50});
	});

	test.each([
		['sequences that began anew', {lastSeq: 10, firstSeq: 0}],
		['figures that are none', {lastSeq: Number.NaN, firstSeq: Number.NaN}],
	])('are unknown over %s, never negative', (_, changes) => {
		const after = intents(look(0), look(1, changes));
		expect(after?.inPerSecond).toBeUndefined();
		expect(after?.outPerSecond).toBeUndefined();
	});

	test('come back after figures that were none', () => {
		const after = intents(
			look(0),
			look(1, {lastSeq: Number.NaN}),
			look(2, {lastSeq: 100}),
			look(3, {lastSeq: 110}),
		);
		expect(after?.inPerSecond).toBe(10);
	});

	test('begin anew with a stream that was gone', () => {
		const after = intents(look(0), streams(t0 + 1000), look(2, {lastSeq: 9000}));
		expect(after).toMatchObject({present: true, inPerSecond: undefined});
	});

	test('stay as they are where the clock stood still', () => {
		expect(intents(look(0), look(1, {lastSeq: 5100}), look(1, {lastSeq: 5150}))?.inPerSecond).toBe(100);
	});
});

describe('what is listed', () => {
	test('a stream that is not listed any more is not present, as it was when last seen', () => {
		const after = state(look(0), look(1, {lastSeq: 5100}), streams(t0 + 2000), streams(t0 + 3000));
		const gone = after.streams['TITAN_INTENTS'];
		expect(gone).toMatchObject({present: false, at: t0 + 1000, lastSeq: 5100});
		expect(gone).not.toHaveProperty('inPerSecond');
		expect(gone?.consumers['execution-consumer']?.present).toBe(false);
		expect(after.streamsAt).toBe(t0 + 3000);
		expect(state().streamsAt).toBeUndefined();
	});

	test('what stays gone stays the same object', () => {
		const gone = state(look(0), streams(t0 + 1000));
		expect(observe(gone, streams(t0 + 2000)).streams).toBe(gone.streams);
	});

	test('consumers that were not read stay as they were', () => {
		const before = state(look(0));
		const after = observe(before, look(1, {consumers: undefined}));
		expect(after.streams['TITAN_INTENTS']?.consumers).toBe(before.streams['TITAN_INTENTS']?.consumers);
		expect(after.streams['TITAN_INTENTS']?.consumersAt).toBe(t0);
	});

	test('a durable consumer that is gone is remembered, others are forgotten', () => {
		const listed = [consumer(), consumer({name: 'tail', durable: false})];
		const after = intents(look(0, {consumers: listed}), look(1, {consumers: []}));
		expect(Object.keys(after?.consumers ?? {})).toEqual(['execution-consumer']);
		expect(after?.consumers['execution-consumer']).toMatchObject({present: false, at: t0});
		expect(after?.consumersAt).toBe(t0 + 1000);
	});

	test('what is gone is bounded, the newest is kept', () => {
		let after = state();
		for (let second = 0; second < 80; second++) {
			after = observe(after, streams(t0 + second * 1000, stream({name: `S${second}`})));
		}
		expect(Object.keys(after.streams)).toHaveLength(51);
		expect(after.streams).toHaveProperty('S79');
		expect(after.streams).toHaveProperty('S78');
		expect(after.streams).not.toHaveProperty('S0');
	});

	test.each(['__proto__', 'constructor'])('a stream may be called %s', (name) => {
		const after = state(
			streams(t0, stream({name, lastSeq: 10})),
			streams(t0 + 1000, stream({name, lastSeq: 20})),
		);
		expect(Object.entries(after.streams).map(([key, {inPerSecond}]) => [key, inPerSecond])).toEqual([
			[name, 10],
		]);
	});
});

describe('a consumer', () => {
	test('has rates: the lag may fall, what is delivered may not', () => {
		const after = execution(
			ofConsumer(0, {lag: 500, deliveredConsumerSeq: 100}),
			ofConsumer(1, {lag: 400, deliveredConsumerSeq: 350}),
		);
		expect(after).toMatchObject({lagPerSecond: -100, deliveredPerSecond: 250});
		const reset = execution(
			ofConsumer(0, {deliveredConsumerSeq: 100}),
			ofConsumer(1, {deliveredConsumerSeq: 0}),
		);
		expect(reset?.deliveredPerSecond).toBeUndefined();
	});

	test('survives a lag that is none', () => {
		const after = execution(
			ofConsumer(0, {lag: 0}),
			ofConsumer(1, {lag: Number.NaN}),
			ofConsumer(2, {lag: 0}),
		);
		expect(after?.lagPerSecond).toBeUndefined();
	});

	test('keeps when its floor and its deliveries moved', () => {
		const after = execution(
			ofConsumer(0, {ackFloorStreamSeq: 10, deliveredStreamSeq: 20}),
			ofConsumer(1, {ackFloorStreamSeq: 11, deliveredStreamSeq: 20}),
			ofConsumer(2, {ackFloorStreamSeq: 11, deliveredStreamSeq: 21}),
			ofConsumer(3, {ackFloorStreamSeq: 11, deliveredStreamSeq: 21}),
		);
		expect(after).toMatchObject({floorMovedAt: t0 + 1000, deliveredMovedAt: t0 + 2000, firstSeenAt: t0});
	});

	test('keeps when its lag was none, and since when it grows', () => {
		const lags = [100, 101, 200, 300];
		const looks = lags.map((lag, second) => ofConsumer(second, {lag}));
		// A message a second does not count as growth.
		expect(execution(...looks)).toMatchObject({lagZeroAt: t0, lagGrowingSince: t0 + 2000});
		const calm = [...looks, ...Array.from({length: 40}, (_, second) => ofConsumer(4 + second, {lag: 300}))];
		expect(execution(...calm)?.lagGrowingSince).toBeUndefined();
		expect(execution(ofConsumer(0, {lag: 101}))?.lagZeroAt).toBeUndefined();
	});

	test('is ahead of its stream where the stream went back behind it', () => {
		const before = ofConsumer(0, {ackFloorStreamSeq: 4000});
		const lost = (second: number) =>
			ofConsumer(second, {ackFloorStreamSeq: 4000}, {firstSeq: 1, lastSeq: second});
		expect(execution(before, lost(1), lost(2))?.aheadSince).toBe(t0 + 1000);
		expect(
			execution(before, lost(1), ofConsumer(2, {ackFloorStreamSeq: 2}, {lastSeq: 2}))?.aheadSince,
		).toBeUndefined();
	});

	test('is not ahead where it is only read later than its stream', () => {
		const looks = [0, 1, 2, 3].map((second) =>
			ofConsumer(second, {ackFloorStreamSeq: 1005 + second * 100}, {lastSeq: 1000 + second * 100}),
		);
		expect(execution(...looks)?.aheadSince).toBeUndefined();
	});
});

test('what a consumer jumps over when a pause ends is no rate of its lag', () => {
	const after = execution(
		ofConsumer(1, {lag: 0}),
		ofConsumer(2, {lag: 26_000, paused: true}),
		ofConsumer(3, {lag: 0, paused: false}),
	);
	expect(after?.lagPerSecond).toBeUndefined();
});
