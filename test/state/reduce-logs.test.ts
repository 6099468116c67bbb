import {describe, expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {matchesKeptMs, maxLogLines, maxMatches} from '../../source/state/reduce-logs.ts';
import {logs, observe, start, t0} from './fixture.ts';

const lines = (at: number, ...texts: [number, string][]): Observation => ({
	kind: 'log',
	at,
	lines: texts.map(([time, text]) => ({at: time, service: 'titan-brain', stderr: false, text, matches: []})),
});
const read = (...observations: Observation[]) => observe(start(), ...observations).logs;
const times = (count: number, from: number, stepMs: number): number[] =>
	Array.from({length: count}, (_, index) => from + index * stepMs);

describe('lines', () => {
	test('are numbered over the whole life', () => {
		const state = read(lines(t0, [t0, 'a'], [t0 + 1, 'b']), lines(t0, [t0 + 2, 'c']));
		expect(state.lines.map(({seq, text}) => [seq, text])).toEqual([
			[1, 'a'],
			[2, 'b'],
			[3, 'c'],
		]);
	});

	test('of two services are put in the order of their times', () => {
		const state = read(lines(t0, [t0, 'a'], [t0 + 5, 'c']), lines(t0, [t0 + 3, 'b']));
		expect(state.lines.map(({text}) => text)).toEqual(['a', 'b', 'c']);
	});

	test('are bounded: the newest stay, and no number comes twice', () => {
		const burst = lines(t0, ...times(maxLogLines + 500, t0, 1).map((at): [number, string] => [at, 'x']));
		const state = read(burst, lines(t0, [t0 + 10_000, 'last']));
		expect(state.lines).toHaveLength(maxLogLines);
		expect(state.lines.at(-1)).toMatchObject({text: 'last', seq: maxLogLines + 501});
		expect(new Set(state.lines.map(({seq}) => seq)).size).toBe(maxLogLines);
	});

	test('without a time get that of the look', () => {
		expect(read(lines(t0, [Number.NaN, 'a'])).lines[0]?.at).toBe(t0);
	});

	test('none change nothing', () => {
		const state = start();
		expect(observe(state, lines(t0)).logs).toBe(state.logs);
	});
});

describe('matches', () => {
	test('are counted by service and signature, the oldest first', () => {
		const state = read(
			logs('titan-brain', 'timeout', [t0 + 2, t0 + 1], t0),
			logs('titan-brain', 'no responders', [t0], t0),
			logs('__proto__', 'constructor', [t0], t0),
		);
		expect(state.matches['titan-brain']).toEqual({timeout: [t0 + 1, t0 + 2], 'no responders': [t0]});
		expect(Object.keys(state.matches)).toEqual(['titan-brain', '__proto__']);
	});

	test('are forgotten after five minutes, also where no other comes', () => {
		const at = t0 + matchesKeptMs;
		const before = [
			logs('titan-brain', 'timeout', [t0, t0 + 2000], t0),
			logs('titan-execution', 'timeout', [t0], t0),
		];
		expect(read(...before, lines(at, [at, 'x'])).matches['titan-brain']).toEqual({timeout: [t0, t0 + 2000]});
		expect(read(...before, lines(at + 1, [at, 'x'])).matches).toEqual({
			'titan-brain': {timeout: [t0 + 2000]},
		});
		expect(read(...before, lines(at + 2001, [at, 'x'])).matches).toEqual({});
	});

	test('of long ago, in the tail of a log, do not count', () => {
		expect(read(logs('titan-brain', 'timeout', [t0 - matchesKeptMs - 1], t0)).matches).toEqual({});
	});

	test('are bounded, and those of others stay the same', () => {
		const before = observe(start(), logs('titan-brain', 'timeout', [t0], t0));
		const after = observe(before, logs('titan-execution', 'timeout', times(maxMatches + 10, t0, 1), t0));
		expect(after.logs.matches['titan-execution']?.['timeout']).toHaveLength(maxMatches);
		expect(after.logs.matches['titan-execution']?.['timeout']?.[0]).toBe(t0 + 10);
		expect(after.logs.matches['titan-brain']).toBe(before.logs.matches['titan-brain']);
	});
});
