import {describe, expect, test} from 'vitest';
import {maxSamples, pushSample} from '../../source/state/history.ts';
import type {Series} from '../../source/state/types.ts';
import {consumer, observe, start, stream, streams, t0} from './fixture.ts';

describe('pushSample', () => {
	test('keeps the newest figure of a second', () => {
		const once = pushSample([], t0, 1);
		expect(pushSample(once, t0 + 999, 2)).toEqual([{at: t0 + 999, value: 2}]);
		expect(pushSample(once, t0 + 1000, 2)).toHaveLength(2);
	});

	test('gives the same ring where nothing is new', () => {
		const once = pushSample([], t0, 1);
		expect(pushSample(once, t0 + 500, 1)).toBe(once);
	});

	test.each([
		['older', t0 - 1000, 5],
		['NaN', t0 + 1000, Number.NaN],
		['at no time', Number.NaN, 5],
	])('drops a sample that is %s', (_, at, value) => {
		const once = pushSample([], t0, 1);
		expect(pushSample(once, at, value)).toBe(once);
	});

	test('is bounded, and forgets the oldest', () => {
		let series: Series = [];
		for (let second = 0; second < maxSamples + 50; second++) {
			series = pushSample(series, t0 + second * 1000, second);
		}
		expect(series).toHaveLength(300);
		expect(series[0]?.value).toBe(50);
		expect(series.at(-1)?.value).toBe(349);
	});
});

describe('the history of the streams', () => {
	const other = stream({name: 'OTHER', bytes: 999, consumers: [consumer({name: 'audit', lag: 99})]});

	test('is of the watched stream and consumer', () => {
		const watched = stream({bytes: 10, consumers: [consumer({lag: 7}), consumer({name: 'audit', lag: 50})]});
		const {history} = observe(start(), streams(t0, other, watched));
		expect(history).toEqual({lag: [{at: t0, value: 7}], storage: [{at: t0, value: 10}]});
	});

	test('is of the largest where none is named', () => {
		const {history} = observe({...start(), watched: undefined}, streams(t0, other, stream({bytes: 10})));
		expect(history).toEqual({lag: [{at: t0, value: 99}], storage: [{at: t0, value: 999}]});
	});

	test('has no lag of a second in which the consumers were not read', () => {
		const state = observe(start(), streams(t0, stream()), streams(t0 + 1000, stream({consumers: undefined})));
		expect(state.history.lag).toHaveLength(1);
		expect(state.history.storage).toHaveLength(2);
	});

	test('has nothing of a stream that is not there', () => {
		const state = observe(start(), streams(t0, stream()), streams(t0 + 1000, other));
		expect(state.history.lag).toHaveLength(1);
		expect(state.history.storage).toHaveLength(1);
	});
});
