import {describe, expect, test} from 'vitest';
import type {ServiceUsual} from '../../source/state/types.ts';
import {learn} from '../../source/state/usual.ts';
import {now} from './fixture.ts';

const minute = 60_000;

/** A log that was read for so many minutes, with so many matches in each. */
function watched(minutes: number, matches: (index: number) => number, from?: ServiceUsual): ServiceUsual {
	let usual = from;
	const began = from?.since ?? now;
	for (let index = 0; index <= minutes; index++) {
		const at = began + index * minute;
		const lines = Array.from({length: index === 0 ? 0 : matches(index)}, () => ({
			at,
			service: 'titan-brain',
			stderr: true,
			text: 'timeout',
			matches: ['timeout'],
		}));
		usual = learn(usual, {lines, at});
	}
	return usual!;
}

describe('what is usual in a log', () => {
	test('is learned minute by minute', () => {
		expect(watched(60, () => 4)).toMatchObject({minutes: 60, perMinute: {timeout: expect.closeTo(4, 1)}});
		expect(watched(60, (index) => (index % 2 === 0 ? 2 : 4)).perMinute['timeout']).toBeCloseTo(3, 1);
		expect(watched(30, () => 0)).toMatchObject({minutes: 30, perMinute: {}});
	});

	test('is not what an incident makes of it: a loud minute counts for little more', () => {
		// Also of one that the console was opened for.
		expect(watched(60, () => 500).perMinute['timeout']).toBeLessThanOrEqual(6);
		expect(watched(180, () => 500).perMinute['timeout']).toBeLessThan(60);
		const quiet = watched(240, () => 1);
		const incident = watched(60, () => 500, quiet);
		expect(incident.perMinute['timeout']).toBeLessThan(3);
		// What goes on for hours is how things are.
		expect(watched(600, () => 40, quiet).perMinute['timeout']).toBeGreaterThan(30);
	});

	test('falls again in minutes without a line', () => {
		const noisy = watched(240, () => 20);
		const silent = learn(noisy, {lines: [], at: noisy.since + 240 * minute});
		expect(silent.perMinute['timeout']).toBeLessThan(1);
	});

	test('is counted anew where the clock was set back', () => {
		const usual = watched(10, () => 2);
		expect(learn(usual, {lines: [], at: usual.since - minute})).toMatchObject({
			since: usual.since - minute,
			minutes: 10,
		});
	});

	test('is the same object where nothing matched', () => {
		const usual = watched(1, () => 1);
		expect(learn(usual, {lines: [], at: usual.since + 1000})).toBe(usual);
	});
});
