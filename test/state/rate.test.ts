import {describe, expect, test} from 'vitest';
import {counterRate, gaugeRate, smooth} from '../../source/state/rate.ts';

describe('smooth', () => {
	test('takes the first figure as it is', () => expect(smooth(undefined, 840, 1000)).toBe(840));

	test('comes two thirds of the way to a step in five seconds', () => {
		let rate: number | undefined = 0;
		for (let second = 0; second < 5; second++) {
			rate = smooth(rate, 100, 1000);
		}
		expect(rate).toBeGreaterThan(62);
		expect(rate).toBeLessThan(65);
	});

	test('weighs by time: five looks of a second are one of five', () => {
		let rate: number | undefined = 0;
		for (let second = 0; second < 5; second++) {
			rate = smooth(rate, 100, 1000);
		}
		expect(smooth(0, 100, 5000)).toBeCloseTo(rate ?? 0, 6);
	});

	test('comes to an end', () => expect(smooth(0.06, 0, 5000)).toBe(0));

	test.each([
		['NaN', Number.NaN, 1000],
		['infinity', Number.POSITIVE_INFINITY, 1000],
		['no time', 5, 0],
		['time that went back', 5, -1000],
	])('is not moved by %s', (_, raw, elapsedMs) => expect(smooth(7, raw, elapsedMs)).toBe(7));
});

test('a counter that went back was reset: its rate is unknown, never negative', () => {
	expect(counterRate(100, 5000, 10, 1000)).toBeUndefined();
	expect(counterRate(undefined, 5000, 5100, 1000)).toBe(100);
	expect(counterRate(undefined, Number.NaN, 5100, 1000)).toBeUndefined();
});

test('a gauge may fall', () => expect(gaugeRate(undefined, 500, 400, 2000)).toBe(-50));
