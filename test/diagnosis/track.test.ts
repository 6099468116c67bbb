import {describe, expect, test} from 'vitest';
import type {Symptom} from '../../source/diagnosis/finding.ts';
import {holdMs, nothingTracked, type Tracked, track} from '../../source/diagnosis/track.ts';
import {frozen, t0} from '../state/fixture.ts';

const symptom = (id: string, changes: Partial<Symptom> = {}): Symptom => ({
	id,
	severity: 'critical',
	title: id,
	evidence: 'x',
	...changes,
});
const down = symptom('nats-down', {runbook: 'restart'});
const effect = symptom('health-unhealthy:brain', {cause: 'nats-down'});
const follow = (...looks: [number, Symptom[]][]): Tracked =>
	looks.reduce((tracked, [ms, symptoms]) => frozen(track(tracked, symptoms, t0 + ms)), nothingTracked);
const ids = (tracked: Tracked): string[] => tracked.findings.map(({id}) => id);

describe('a finding', () => {
	test('is there at once, and grows old', () => {
		expect(follow([0, [down]]).findings).toEqual([{...down, since: t0, sinceMs: 0}]);
		expect(follow([0, [down]], [5000, [down]]).findings[0]).toMatchObject({since: t0, sinceMs: 5000});
	});

	test('began when its evidence says, but not in the future', () => {
		expect(follow([0, [{...down, beganAt: t0 - 60_000}]]).findings[0]).toMatchObject({
			since: t0 - 60_000,
			sinceMs: 60_000,
		});
		expect(follow([0, [{...down, beganAt: t0 + 60_000}]]).findings[0]).toMatchObject({since: t0, sinceMs: 0});
	});

	test('says what its symptom said last', () => {
		const later = {...down, severity: 'warning', evidence: 'y'} as const;
		expect(follow([0, [down]], [1000, [later]], [1500, []]).findings[0]).toMatchObject({
			severity: 'warning',
			evidence: 'y',
			since: t0,
			sinceMs: 1500,
		});
	});

	test('stays for two seconds after its symptom, and no longer', () => {
		expect(ids(follow([0, [down]], [holdMs - 1, []]))).toEqual(['nats-down']);
		expect(ids(follow([0, [down]], [holdMs, []]))).toEqual([]);
		expect(ids(follow([0, [down]], [1500, []], [3000, []]))).toEqual([]);
	});

	test('that flaps is one, with its first time', () => {
		const flaps = follow([0, [down]], [1000, []], [2500, []], [2600, [down]]);
		expect(flaps.findings[0]?.since).toBe(t0 + 2600);
		const holds = follow([0, [down]], [1000, []], [1900, [down]], [3800, []]);
		expect(holds.findings[0]?.since).toBe(t0);
	});

	test('that went and came again is another', () => {
		expect(follow([0, [down]], [5000, []], [9000, [down]]).findings[0]?.since).toBe(t0 + 9000);
	});

	test('does not stay for ever where the clock was set back', () => {
		expect(ids(follow([0, [down]], [-3_600_000, []]))).toEqual([]);
	});
});

describe('an effect', () => {
	test('stays under a cause that is held', () => {
		const alone = symptom('health-unhealthy:brain', {advice: 'look at titan-brain'});
		const held = follow([0, [down, effect]], [1000, [alone]]);
		expect(held.findings.map(({id, cause, advice}) => [id, cause, advice])).toEqual([
			['nats-down', undefined, undefined],
			['health-unhealthy:brain', 'nats-down', undefined],
		]);
		const gone = follow([0, [down, effect]], [1000, [alone]], [2000, [alone]]);
		expect(gone.findings.map(({id, cause}) => [id, cause])).toEqual([['health-unhealthy:brain', undefined]]);
	});

	test('that is held goes with its cause, and with one that was replaced', () => {
		const replaced = follow([0, [down, effect]], [1000, [symptom('nats-booting')]]);
		expect(ids(replaced)).toEqual(['nats-booting']);
		// The cause was gone a second before its effect, which would otherwise be a critical finding of its own.
		const mended = follow([0, [down, effect]], [1000, [symptom(effect.id)]], [2100, []]);
		expect(ids(mended)).toEqual([]);
	});
});

describe('what says the opposite', () => {
	test.each([
		['nats-down', 'nats-booting'],
		['health-unreachable:brain', 'health-unhealthy:brain'],
		['metrics-unreachable:sentinel', 'metrics-missing:sentinel'],
		['container-down:titan-brain', 'container-restarted:titan-brain'],
		['storage:TITAN_INTENTS', 'stream-full:TITAN_INTENTS'],
	])('%s goes at once with %s', (before, after) => {
		expect(ids(follow([0, [symptom(before)]], [100, [symptom(after)]]))).toEqual([after]);
	});

	test('not of another subject', () => {
		const tracked = follow([0, [symptom('container-down:a')]], [100, [symptom('container-restarted:b')]]);
		expect(ids(tracked)).toEqual(['container-down:a', 'container-restarted:b']);
	});
});

test('held findings keep their place', () => {
	const warning = symptom('rtt-slow', {severity: 'warning'});
	expect(ids(follow([0, [down, warning]], [1000, [warning]]))).toEqual(['nats-down', 'rtt-slow']);
});
