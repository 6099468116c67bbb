import {describe, expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {
	config,
	disconnected,
	down,
	exited,
	health,
	logs,
	metrics,
	now,
	run,
	stream,
	streams,
	up,
} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

describe('health-unhealthy', () => {
	test('in the words of the service', () => {
		const seen: Observation[] = [
			{...health('brain', 'unhealthy', now, 'nats unhealthy'), httpStatus: 503} as Observation,
		];
		expect(symptom('health-unhealthy:brain', seen, {at: now + 12_000})).toMatchObject({
			severity: 'critical',
			title: 'titan-brain reports nats unhealthy',
			evidence: '/health for 12 s, HTTP 503',
		});
	});

	test('is explained by the server, where it is about NATS', () => {
		const seen = [health('brain', 'unhealthy', now), disconnected(now)];
		expect(ids(seen)).toEqual(['nats-unreached', 'health-unhealthy:brain < nats-unreached']);
		const other = config.health.map((endpoint) => ({
			...endpoint,
			healthy: 'db == `true`',
			show: 'db',
			label: 'db',
		}));
		expect(ids(seen, {config: {...config, health: other}})).toEqual([
			'nats-unreached',
			'health-unhealthy:brain',
		]);
	});

	test('is explained by a network that was taken away', () => {
		const seen = [health('execution', 'unhealthy', now), container1('titan-execution', {networks: []})];
		expect(ids(seen)).toEqual([
			'container-detached:titan-execution',
			'health-unhealthy:execution < container-detached:titan-execution',
		]);
	});
});

describe('health-unreachable', () => {
	const refused = health('brain', 'unreachable', now, 'connection refused');

	test('says why', () => {
		expect(symptom('health-unreachable:brain', [refused], {at: now + 12_000})).toMatchObject({
			severity: 'critical',
			title: 'titan-brain /health does not answer',
			evidence: 'connection refused for 12 s',
		});
	});

	test('what is not understood is unknown', () => {
		expect(
			symptom('health-unreachable:brain', [health('brain', 'malformed', now, 'HTTP 200 without JSON')]),
		).toMatchObject({
			severity: 'unknown',
			title: 'titan-brain /health is not understood',
		});
	});

	test('is explained by its container, not by another', () => {
		expect(ids([refused, container1('titan-brain', exited)])).toEqual([
			'container-down:titan-brain',
			'health-unreachable:brain < container-down:titan-brain',
		]);
		expect(ids([refused, container1('titan-scavenger', exited)])).toEqual([
			'container-down:titan-scavenger',
			'health-unreachable:brain',
		]);
	});

	test('is no worse than the stop of the run that explains it', () => {
		const seen: Observation[] = [
			{kind: 'run', run: run({stopped: ['titan-brain']}), at: now},
			container1('titan-brain', exited),
			refused,
		];
		expect(symptom('health-unreachable:brain', seen)?.severity).toBe('warning');
	});

	test('is not told twice by its source', () => {
		expect(ids([refused, down('health:brain', 'connection refused', now)], {at: now + 9000})).toEqual([
			'health-unreachable:brain',
		]);
	});
});

describe('metrics', () => {
	test('the metric is missing', () => {
		expect(
			symptom('metrics-missing:sentinel', [metrics('missing', now, {detail: 'no nats_lag_messages'})]),
		).toMatchObject({
			severity: 'warning',
			title: 'titan-sentinel does not report nats_lag_messages',
			evidence: '/metrics: no nats_lag_messages',
		});
	});

	test.each([
		['unreachable', 'warning', 'titan-sentinel /metrics does not answer'],
		['malformed', 'unknown', 'titan-sentinel /metrics is not understood'],
	] as const)('%s', (status, severity, title) => {
		expect(symptom('metrics-unreachable:sentinel', [metrics(status, now)])).toMatchObject({severity, title});
	});

	test.each(['missing', 'unreachable'] as const)(
		'%s is explained by the server, and before it by its container',
		(status) => {
			const rule = status === 'missing' ? 'metrics-missing:sentinel' : 'metrics-unreachable:sentinel';
			expect(ids([metrics(status, now), disconnected(now)])).toEqual([
				'nats-unreached',
				`${rule} < nats-unreached`,
			]);
			expect(ids([metrics(status, now), container1('titan-sentinel', exited)])).toEqual([
				'container-down:titan-sentinel',
				`${rule} < container-down:titan-sentinel`,
			]);
		},
	);
});

describe('log-signature', () => {
	const usually = (minutes: number, timeout: number): Observation => ({
		kind: 'memory',
		streams: [],
		usual: {'titan-brain': {minutes, perMinute: {timeout}}},
		at: now,
	});

	test('only where it comes more often than is usual there', () => {
		const times = (count: number) =>
			logs(
				'titan-brain',
				'timeout',
				Array.from({length: count}, (_, index) => now - index * 100),
				now,
			);
		expect(ids([usually(60, 4), times(11)])).toEqual([]);
		expect(symptom('log-signature:titan-brain/timeout', [usually(60, 4), times(12)])?.evidence).toBe(
			'12 times in the last minute, usual 4, first: "failed: timeout"',
		);
		// Half an hour tells nothing yet.
		expect(symptom('log-signature:titan-brain/timeout', [usually(30, 4), times(5)])?.evidence).toBe(
			'5 times in the last minute, first: "failed: timeout"',
		);
	});

	const times = (count: number, newest: number): number[] =>
		Array.from({length: count}, (_, index) => newest - (count - 1 - index) * 1000);
	const loud = (count: number, newest = now): Observation =>
		logs('titan-brain', 'timeout', times(count, newest), now);

	test('from the threshold on', () => {
		expect(ids([loud(4)])).toEqual([]);
		expect(symptom('log-signature:titan-brain/timeout', [loud(48)])).toMatchObject({
			severity: 'warning',
			title: 'titan-brain logs "timeout"',
			evidence: '48 times in the last minute, first: "failed: timeout"',
		});
	});

	test('not of long ago, not of what has stopped, not of a service that is not searched', () => {
		expect(ids([loud(40, now - 60_000)])).toEqual([]);
		expect(ids([loud(40, now - 15_001)])).toEqual([]);
		expect(ids([logs('titan-scavenger', 'timeout', times(40, now), now)])).toEqual([]);
	});

	test.each([
		['the server', disconnected(now), 'nats-unreached'],
		['the container', container1('titan-brain', exited), 'container-down:titan-brain'],
		['another container', container1('titan-sentinel', exited), 'container-down:titan-sentinel'],
		['a network', container1('titan-execution', {networks: []}), 'container-detached:titan-execution'],
		['a restart of the server', container1('titan-nats', {startedAt: now}), 'container-restarted:titan-nats'],
	])('is explained by %s', (_, seen, cause) => {
		expect(ids([loud(40), seen])).toEqual([cause, `log-signature:titan-brain/timeout < ${cause}`]);
	});
});

describe('source-unknown', () => {
	test('after three seconds, with since when and why', () => {
		const seen = [down('nats', 'STREAM.LIST: no answer in time', now)];
		expect(ids(seen, {at: now + 2999})).toEqual([]);
		expect(symptom('source-unknown:nats', seen, {at: now + 12_000})).toMatchObject({
			severity: 'unknown',
			title: 'Streams and consumers are unknown',
			evidence: 'for 12 s, STREAM.LIST: no answer in time, TITAN_INTENTS and execution-consumer among them',
		});
		expect(ids([...seen, streams(now + 4000, stream()), up('nats', now + 4000)])).toEqual([]);
	});

	test.each([
		['monitor', "The server's health is unknown"],
		['health:brain', 'The health of brain is unknown'],
		['metrics:sentinel', 'The metrics of sentinel are unknown'],
		['logs:titan-brain', 'The log of titan-brain is unknown'],
		['weather', 'What weather tells is unknown'],
	])('of %s', (source, title) => {
		expect(symptom(`source-unknown:${source}`, [down(source, 'x', now)], {at: now + 5000})?.title).toBe(
			title,
		);
	});

	test.each([
		['nats', disconnected(now), 'nats-unreached'],
		['monitor', disconnected(now), 'nats-unreached'],
		['health:brain', container1('titan-brain', exited), 'container-down:titan-brain'],
		['logs:titan-brain', container1('titan-brain', exited), 'container-down:titan-brain'],
	])('of %s is explained', (source, seen, cause) => {
		expect(ids([down(source, 'x', now), seen], {at: now + 5000})).toEqual([
			cause,
			`source-unknown:${source} < ${cause}`,
		]);
	});

	test('of a poll that hangs without a word', () => {
		expect(ids([], {at: now + 29_999})).toEqual([]);
		expect(ids([], {at: now + 30_000})).toEqual(['source-unknown:nats', 'source-unknown:monitor']);
	});
});
