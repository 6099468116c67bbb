import {expect, test} from 'vitest';
import {rises, type Samples, sampled, sampleWords} from '../../source/runbook/checks/samples.ts';

const of = (...values: number[]): Samples => values.reduce<Samples>(sampled, []);

test.each([
	[of(), 0],
	[of(5), 0],
	[of(5, 5, 5), 0],
	[of(5, 6), 1],
	[of(5, 6, 6, 9), 2],
	// What went back begins anew.
	[of(5, 6, 9, 2), 0],
	[of(5, 6, 9, 2, 3), 1],
])('%j rose %i times', (samples, count) => {
	expect(rises(samples)).toBe(count);
});

test('samples are bounded, and the last rise is told', () => {
	const many = of(...Array.from({length: 100}, (_, index) => index));
	expect(many).toHaveLength(20);
	expect(sampleWords(many)).toBe('97 → 98 → 99');
});
