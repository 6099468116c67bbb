/** Symptoms of one incident, as they were seen together on the lab: the cause stands first, and the others under it. */
import {describe, expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {
	down,
	exited,
	health,
	healthz,
	logs,
	metrics,
	now,
	refused,
	stream,
	streams,
} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

describe('a server that is killed at each start', () => {
	const kill = (index: number): Observation[] => [
		container1('titan-nats', {...exited, status: 'restarting', oomKilled: true}, index * 3000),
		container1('titan-nats', {restarts: index + 1, startedAt: now + index * 3000}, index * 3000 + 500),
	];
	const loop = [0, 1, 2].flatMap(kill);
	const at = now + 6600;

	test('explains what its clients say, also while it is up for a moment', () => {
		const seen = [
			...loop,
			health('brain', 'unhealthy', at, 'nats unhealthy'),
			metrics('missing', at, {lagMessages: undefined}),
			logs(
				'titan-brain',
				'connection refused',
				[1, 2, 3, 4, 5].map((n) => at - n * 100),
				at,
			),
		];
		const root = 'container-crash-loop:titan-nats';
		expect(ids(seen)).toEqual([
			root,
			expect.stringMatching(/< container-crash-loop:titan-nats$/),
			...Array.from({length: ids(seen).length - 2}, () =>
				expect.stringMatching(/< container-crash-loop:titan-nats$/),
			),
		]);
	});

	test('says that it is its memory, and that its limit must be raised', () => {
		expect(symptom('container-crash-loop:titan-nats', loop)).toMatchObject({
			evidence: '3 restarts, exit 137 (out of memory)',
			advice: 'raise the memory limit of titan-nats',
		});
		expect(symptom('container-oom:titan-nats', loop)?.cause).toBe('container-crash-loop:titan-nats');
	});
});

describe('credentials that are refused', () => {
	test('are an incident where every service is refused, too', () => {
		const seen = [
			refused(now),
			health('brain', 'unhealthy', now, 'nats unhealthy'),
			health('execution', 'unhealthy', now, 'nats unhealthy'),
			metrics('missing', now, {lagMessages: undefined}),
		];
		expect(symptom('nats-auth', seen)).toMatchObject({
			severity: 'critical',
			evidence: "the server refuses these credentials, titan-brain and titan-execution can't use NATS either",
			advice: 'look at the users of titan-nats',
		});
		expect(ids(seen)).toEqual([
			'nats-auth',
			'health-unhealthy:brain < nats-auth',
			'health-unhealthy:execution < nats-auth',
			'metrics-missing:sentinel < nats-auth',
		]);
	});

	test("are the console's own matter while one service is well", () => {
		const seen = [refused(now), health('brain', 'unhealthy', now, 'nats unhealthy')];
		expect(symptom('nats-auth', seen)?.severity).toBe('unknown');
		expect(symptom('health-unhealthy:brain', seen)).toMatchObject({severity: 'critical'});
		expect(symptom('health-unhealthy:brain', seen)?.cause).toBeUndefined();
	});
});

test('whoever is not let in because of max_connections is explained by that', () => {
	const full: Observation = {
		kind: 'varz',
		varz: {
			connections: 4,
			maxConnections: 4,
			slowConsumers: 0,
			inMessages: 0,
			outMessages: 0,
			startedAt: now - 60_000,
		},
		at: now,
	} as Observation;
	const seen = [full, health('execution', 'unhealthy', now, 'nats unhealthy')];
	expect(ids(seen)).toEqual(['connections', 'health-unhealthy:execution < connections']);
});

test('a mirror whose origin was deleted is explained by that', () => {
	const origin = stream({name: 'ORIGIN', consumers: []});
	const mirror = stream({
		name: 'MIRROR',
		consumers: [],
		upstreams: [{kind: 'mirror', name: 'ORIGIN', lag: 0, activeMs: 1000, error: 'stream not found'}],
	});
	const seen = [streams(now, stream(), origin, mirror), streams(now + 1000, stream(), mirror)];
	expect(symptom('stream-vanished:ORIGIN', seen)).toMatchObject({
		severity: 'critical',
		evidence: expect.stringContaining('MIRROR followed it'),
	});
	expect(ids(seen)).toEqual(['stream-vanished:ORIGIN', 'upstream:MIRROR/ORIGIN < stream-vanished:ORIGIN']);
});

test('an engine that is silent is unknown, one that is not there is started', () => {
	expect(symptom('engine-unreachable', [down('docker', 'no answer in time', now, 'silent')])).toMatchObject({
		severity: 'unknown',
		advice: 'check the load of its host, and its log',
	});
	expect(symptom('engine-unreachable', [down('docker', 'connection refused', now, 'absent')])).toMatchObject({
		severity: 'critical',
		advice: 'start the Docker engine',
	});
});

test('a server that has met a full disk says so by its title', () => {
	expect(
		symptom('nats-unhealthy', [healthz('unavailable', now, 'write error: no space left on device')])?.title,
	).toBe('titan-nats has met a full disk');
});
