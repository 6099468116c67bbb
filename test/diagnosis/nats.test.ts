import {describe, expect, test} from 'vitest';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Observation} from '../../source/state/observation.ts';
import {
	config,
	connected,
	container,
	disconnected,
	down,
	exited,
	healthz,
	jsz,
	now,
	observe,
	refused,
	start,
	stream,
	streams,
	up,
} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

const nats = (changes: Parameters<typeof container1>[1], ms = 0): Observation =>
	container1('titan-nats', changes, ms);
const unreachable = (at: number, error = 'connection refused'): Observation =>
	healthz('unreachable', at, error);

describe('nats-down', () => {
	test.each([
		['exited', {...exited, finishedAt: now - 12_000}, 'titan-nats is down', 'exited 137, 12 s ago'],
		[
			'restarting',
			{...exited, status: 'restarting', restarts: 2},
			'titan-nats is down',
			'restarting after exit 137, 2 restarts',
		],
		['created', {status: 'created'}, 'titan-nats is down', 'created, never started'],
		['dead', {status: 'dead'}, 'titan-nats is down', 'dead'],
		['removing', {status: 'removing'}, 'titan-nats is down', 'removing'],
		['missing', {status: 'missing'}, 'titan-nats is down', 'its container is missing'],
		['paused', {status: 'paused'}, 'titan-nats is paused', 'just now'],
	] as const)('by its container: %s, at once', (_, changes, title, evidence) => {
		// A container that is missing says nothing while NATS answers.
		const lost = changes.status === 'missing' ? [disconnected(now)] : [];
		const found = symptom('nats-down', [nats({...changes}), ...lost]);
		expect(found).toMatchObject({severity: 'critical', title, evidence, runbook: 'restart'});
	});

	test('is paused, and for how long', () => {
		const found = symptom('nats-down', [nats({status: 'paused'})], {at: now + 12_000});
		expect(found).toMatchObject({evidence: 'for 12 s', advice: 'or unpause it', beganAt: now});
	});
});

describe('nats-unreached', () => {
	const unhealthy = nats({health: 'unhealthy'});

	test('by its connection, at once, without a restart: nobody says that it is down', () => {
		const found = symptom('nats-unreached', [disconnected(now + 500)]);
		expect(found).toMatchObject({
			severity: 'critical',
			title: 'titan-nats cannot be reached',
			evidence: 'container running, its own health check passes, the server closed the connection',
			advice: 'check titan-nats and the network to it',
			beganAt: now + 500,
		});
		expect(found).not.toHaveProperty('runbook');
	});

	test('offers a restart once its own health check fails from inside', () => {
		const found = symptom('nats-unreached', [disconnected(now), unreachable(now + 1000), unhealthy]);
		expect(found).toMatchObject({
			severity: 'critical',
			evidence: 'container running, its own health check fails, healthz: connection refused, for 1 s',
			runbook: 'restart',
		});
	});

	test.each(['connection refused', 'host name not found', 'self-signed certificate', 'not a NATS address'])(
		'is unknown if it never answered this console: %s',
		(error) => {
			const state = observe(
				start(now),
				{kind: 'containers', containers: [container('titan-nats')], at: now},
				up('docker', now),
				disconnected(now, error),
				healthz('unreachable', now, error),
			);
			const found = diagnose(state, config, now).find(({id}) => id.startsWith('nats-'));
			expect(found).toMatchObject({
				id: 'nats-unreached',
				severity: 'unknown',
				advice: 'check nats.url and the network',
			});
			expect(found).not.toHaveProperty('runbook');
		},
	);

	test('not where healthz answers after the connection was lost', () => {
		expect(ids([disconnected(now), healthz('ok', now + 1000)])).toEqual([]);
		// Then it is the console that can't look.
		expect(ids([disconnected(now), down('nats', 'refused', now), healthz('ok', now + 3000)])).toEqual([
			'source-unknown:nats',
		]);
	});

	test('does not answer: a stopped process keeps its connections', () => {
		const hung = [unreachable(now + 1500, 'no answer in 1.5 s')];
		expect(ids(hung, {at: now + 2900})).toEqual([]);
		const found = symptom('nats-unreached', [...hung, unhealthy], {at: now + 4500});
		expect(found).toMatchObject({
			title: 'titan-nats does not answer',
			evidence: 'container running, its own health check fails, healthz: no answer in 1.5 s, for 4 s',
			runbook: 'restart',
		});
	});

	test('still does not answer once the client has given up', () => {
		const seen = [unreachable(now + 2500, 'no answer in 2 s'), disconnected(now + 9000)];
		expect(symptom('nats-unreached', seen)?.title).toBe('titan-nats does not answer');
	});

	test.each([
		['is refused', 'connection refused', false],
		['answers too much', 'answer larger than 1 MiB', true],
		['wants a password', 'could not be read: HTTP 401', true],
	])('not where only the monitoring port %s', (_, error, answers) => {
		const away = {...unreachable(now, error), ...(answers && {answers: true})} as Observation;
		const seen = [down('monitor', error, now), away, streams(now + 4000, stream())];
		expect(ids(seen)).toEqual(['source-unknown:monitor']);
		// In one look there is no time for a second answer of NATS.
		expect(ids([down('monitor', error, now), away, {kind: 'over', at: now + 1500}])).toEqual([
			'source-unknown:monitor',
		]);
	});

	test('offers no restart where it is cut off from its network', () => {
		const seen = [nats({networks: []}), disconnected(now), unreachable(now)];
		expect(ids(seen)).toEqual([
			'container-detached:titan-nats',
			'nats-unreached < container-detached:titan-nats',
		]);
		expect(symptom('nats-unreached', seen)).not.toHaveProperty('runbook');
	});

	test('knows nothing of the container where the engine is gone', () => {
		const seen = [nats(exited), down('docker', 'connection refused', now, 'absent')];
		expect(ids(seen)).toEqual(['engine-unreachable']);
		const both = [down('docker', 'permission denied', now), disconnected(now)];
		expect(symptom('nats-unreached', both)?.evidence).toBe('the server closed the connection');
	});

	test('is not down by a container that could not be read', () => {
		const seen: Observation[] = [
			nats(exited),
			{kind: 'containers', containers: [], unread: [{service: 'titan-nats', error: 'cut'}], at: now},
			disconnected(now),
		];
		expect(ids(seen, {at: now})).not.toContain('nats-down');
	});
});

describe('nats-booting', () => {
	test('says to wait, and offers no runbook', () => {
		const seen = [disconnected(now), healthz('booting', now + 100, 'failed to be ready for connections')];
		expect(ids(seen)).toEqual(['nats-booting']);
		const found = symptom('nats-booting', seen, {at: now + 12_100});
		expect(found).toMatchObject({
			severity: 'critical',
			title: 'titan-nats is booting',
			evidence: 'it recovers its streams, for 12 s',
			advice: 'wait, do not restart it',
		});
		expect(found).not.toHaveProperty('runbook');
	});

	test('not where its container has ended since', () => {
		expect(ids([healthz('booting', now), nats(exited)])).toEqual(['nats-down']);
	});
});

describe('nats-unhealthy', () => {
	test.each([
		["JetStream stream '$G > TITAN_INTENTS' could not be recovered", {runbook: 'recover'}],
		["JetStream stream '$G > OTHER' could not be recovered", {advice: 'read the log of titan-nats'}],
		['no space left on device', {runbook: 'restart', advice: 'after disk space is free'}],
	])('by its reason: %s', (reason, remedy) => {
		const found = symptom('nats-unhealthy', [healthz('unavailable', now, reason)]);
		expect(found).toMatchObject({severity: 'critical', evidence: reason, ...remedy});
		expect(Object.keys(found ?? {}).includes('runbook')).toBe('runbook' in remedy);
	});

	test('not where it is ok, nor where its container has ended', () => {
		expect(ids([healthz('ok', now)])).toEqual([]);
		expect(ids([healthz('unavailable', now), nats(exited)])).toEqual(['nats-down']);
	});
});

describe('nats-auth', () => {
	test('refused credentials are unknown, and start no clock', () => {
		const seen = [refused(now), down('nats', 'refused', now)];
		expect(symptom('nats-auth', seen)).toMatchObject({
			severity: 'unknown',
			title: 'titan-nats refuses these credentials',
			advice: 'correct the NATS credentials',
		});
		expect(ids(seen, {at: now + 5000})).toEqual(['nats-auth', 'source-unknown:nats < nats-auth']);
	});

	test('a permission that is not there', () => {
		const denied = [down('nats', 'STREAM.LIST: permission denied', now)];
		expect(symptom('nats-auth', denied)?.title).toBe('titan-nats does not let this user read JetStream');
		expect(ids([down('nats', 'STREAM.LIST: no answer in time', now)])).toEqual([]);
	});
});

describe('jetstream-off', () => {
	test.each([
		['the server says so', [{kind: 'jsz', jsz: {...jsz, enabled: false}, at: now + 1}]],
		[
			'nobody answers',
			[down('nats', 'STREAM.LIST: nobody answers: JetStream is off, or not for this account', now)],
		],
		['not for this account', [down('nats', 'STREAM.LIST: not enabled for account (10039)', now)]],
	] as [string, Observation[]][])('where %s', (_, seen) => {
		expect(symptom('jetstream-off', seen)).toMatchObject({
			severity: 'critical',
			title: 'JetStream is off in titan-nats',
		});
	});

	test('not where streams were listed since, nor where the connection is lost', () => {
		expect(ids([{kind: 'jsz', jsz: {...jsz, enabled: false}, at: now - 1000}])).toEqual([]);
		const lost = [down('nats', 'JetStream is off', now), disconnected(now)];
		expect(ids(lost)).toEqual(['nats-unreached']);
	});
});

describe('rtt-slow', () => {
	const rtt = (rttMs: number): Observation => ({kind: 'rtt', rttMs, at: now});

	test('above the threshold, not at it', () => {
		expect(symptom('rtt-slow', [rtt(501)])).toMatchObject({
			severity: 'warning',
			evidence: '501 ms round trip',
		});
		expect(ids([rtt(500)])).toEqual([]);
	});

	test('not of a round trip of long ago, nor of another connection', () => {
		expect(symptom('rtt-slow', [rtt(900)], {at: now + 31_000})).toBeUndefined();
		expect(ids([rtt(900), disconnected(now), connected(now)])).toEqual([]);
	});
});

describe('stop-grace', () => {
	const seen = (consumers: number, stopTimeoutSeconds?: number): Observation[] => [
		{kind: 'jsz', jsz: {...jsz, consumers}, at: now},
		nats({stopTimeoutSeconds}),
	];

	test('where stopping takes longer than the grace', () => {
		expect(symptom('stop-grace', seen(9400))).toMatchObject({
			severity: 'warning',
			evidence: '9,400 consumers need 99 s, its grace is 10 s',
		});
		expect(ids(seen(900))).toEqual([]);
		expect(ids(seen(9400, 120))).toEqual([]);
	});
});

test('the titles follow the configuration', () => {
	const other = {...config, nats: {...config.nats, service: 'bus'}};
	expect(symptom('nats-down', [disconnected(now)], {config: other})?.title).toBe('bus is down');
});
