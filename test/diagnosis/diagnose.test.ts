import {afterEach, describe, expect, test, vi} from 'vitest';
import {arrange} from '../../source/diagnosis/arrange.ts';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Symptom} from '../../source/diagnosis/finding.ts';
import {rules} from '../../source/diagnosis/rules.ts';
import {countFindings, overallStatus, roots} from '../../source/diagnosis/status.ts';
import {
	config,
	consumer,
	disconnected,
	down,
	exited,
	frozen,
	health,
	healthz,
	logs,
	metrics,
	now,
	observe,
	start,
	stream,
	streams,
	t0,
	up,
	well,
	wellAt,
} from '../state/fixture.ts';
import {container1, ids, symptoms} from './fixture.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

test('nothing is wrong with what is well, and it is ok', () => {
	const state = frozen(well());
	expect(diagnose(state, config, now)).toEqual([]);
	expect(overallStatus(state, [])).toBe('ok');
});

test('nothing is wrong with what was looked at once', () => {
	const state = observe(start(now), ...wellAt(now));
	expect(diagnose(state, config, now)).toEqual([]);
	expect(overallStatus(state, [])).toBe('ok');
});

test('nothing is raised at the start; what does not come is unknown, and never ok', () => {
	const state = start();
	expect(diagnose(state, config, t0 + 2999)).toEqual([]);
	expect(overallStatus(state, [])).toBe('unknown');
	const late = diagnose(state, config, t0 + 3000);
	expect(late.map(({id}) => id)).toEqual([
		'source-unknown:docker',
		'source-unknown:nats',
		'source-unknown:monitor',
		'source-unknown:health:brain',
		'source-unknown:health:execution',
		'source-unknown:metrics:sentinel',
	]);
	expect(late[0]).toMatchObject({severity: 'unknown', evidence: 'for 3 s, no answer yet'});
	expect(overallStatus(state, late)).toBe('unknown');
});

test('a look that arrives in any order of parts raises nothing false', () => {
	const parts = wellAt(now);
	for (let turn = 0; turn < parts.length; turn++) {
		let state = start(now);
		for (const part of [...parts.slice(turn), ...parts.slice(0, turn)]) {
			state = observe(state, part);
			expect(diagnose(state, config, now), `turn ${turn} after ${part.kind}`).toEqual([]);
		}
	}
});

test('a server that is killed explains the rest, each right under it', () => {
	const seen = [
		container1('titan-nats', exited),
		disconnected(now),
		healthz('unreachable', now, 'connection refused'),
		down('nats', 'not connected', now),
		down('monitor', 'connection refused', now),
		health('brain', 'unhealthy', now, 'nats unhealthy'),
		health('execution', 'unreachable', now, 'no answer in 2 s'),
		metrics('missing', now),
		container1('titan-brain', {health: 'unhealthy'}),
		logs('titan-brain', 'no responders', Array(20).fill(now + 4000), now),
		streams(now, stream({consumers: [consumer({lag: 20_000})]})),
	];
	const found = symptoms(seen, {at: now + 5000});
	expect(found.map(({id}) => id)).toEqual([
		'nats-down',
		'consumer-lag:TITAN_INTENTS/execution-consumer',
		'health-unreachable:execution',
		'health-unhealthy:brain',
		'metrics-missing:sentinel',
		'container-unhealthy:titan-brain',
		'log-signature:titan-brain/no responders',
		'source-unknown:nats',
		'source-unknown:monitor',
	]);
	expect(found.slice(1).every(({cause}) => cause === 'nats-down')).toBe(true);
	expect(found.filter(({runbook, advice}) => runbook ?? advice).map(({id}) => id)).toEqual(['nats-down']);
	expect(countFindings(found)).toEqual({critical: 1, warning: 0, unknown: 0});
	expect(roots(found)).toHaveLength(1);
});

test('the worst comes first, each with its effects', () => {
	const seen = [
		container1('titan-sentinel', {health: 'unhealthy'}),
		container1('titan-brain', exited),
		health('brain', 'unreachable', now),
		{kind: 'rtt', rttMs: 900, at: now} as const,
	];
	expect(ids(seen)).toEqual([
		'container-down:titan-brain',
		'health-unreachable:brain < container-down:titan-brain',
		'container-unhealthy:titan-sentinel',
		'rtt-slow',
	]);
});

test('an effect without its cause stands for itself', () => {
	const orphan: Symptom = {id: 'rtt-slow', severity: 'warning', title: '', evidence: '', cause: 'nats-down'};
	expect(arrange([orphan])).toEqual([orphan]);
	expect(countFindings([orphan]).warning).toBe(1);
});

test('a fault of many is bounded, and says how many more', () => {
	const many = Array.from({length: 1000}, (_, index) => consumer({name: `c${index}`, lag: 50_000}));
	const found = symptoms([streams(now, stream({consumers: [...many, consumer({lag: 50_000})]}))]);
	expect(found).toHaveLength(21);
	expect(found[0]).toMatchObject({id: 'consumer-lag:TITAN_INTENTS/execution-consumer', severity: 'critical'});
	expect(found.at(-1)).toMatchObject({id: 'consumer-lag:*', severity: 'warning', evidence: '981 more'});
});

test('a rule that fails is unknown, and the others still tell', () => {
	const broken = rules.find((rule) => rule.id === 'storage');
	vi.spyOn(broken!, 'check').mockImplementation(() => {
		throw new Error('\u001b[31mno');
	});
	const found = symptoms([disconnected(now)]);
	expect(found.map(({id}) => id)).toEqual(['nats-unreached', 'rule-failed:storage']);
	expect(found[1]).toMatchObject({severity: 'unknown', evidence: 'Error: no'});
});

describe('the table of rules', () => {
	test('has each once, each with what the help shows', () => {
		expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
		expect(rules.every(({id, title, section}) => /^[a-z-]+$/.test(id) && title && section)).toBe(true);
	});

	test('a symptom says of which rule it is, with a title and evidence', () => {
		const seen = [container1('titan-brain', exited), disconnected(now), metrics('unreachable', now)];
		for (const {id, title, evidence} of symptoms(seen)) {
			expect(rules.map((rule) => rule.id)).toContain(id.split(':')[0]);
			expect(title.length).toBeLessThan(60);
			expect(evidence).not.toBe('');
		}
	});
});

describe('the status as a whole', () => {
	const finding = (severity: Symptom['severity']): Symptom => ({
		id: severity,
		severity,
		title: '',
		evidence: '',
	});

	test('is the worst', () => {
		const all = [finding('unknown'), finding('warning'), finding('critical')];
		expect(overallStatus(well(), all)).toBe('critical');
		expect(overallStatus(well(), all.slice(0, 2))).toBe('warning');
		expect(overallStatus(well(), all.slice(0, 1))).toBe('unknown');
	});

	test('is not ok while a source is down, though nothing was found yet', () => {
		expect(overallStatus(observe(well(), down('nats', 'x', now)), [])).toBe('unknown');
		expect(overallStatus(observe(well(), down('nats', 'x', now), up('nats', now)), [])).toBe('ok');
		expect(overallStatus({...well(), sources: {}}, [])).toBe('unknown');
	});

	test('does not count what is folded under another', () => {
		const effect: Symptom = {...finding('critical'), cause: 'warning'};
		expect(overallStatus(well(), [finding('warning'), effect])).toBe('warning');
	});
});
