import {expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {reduce} from '../../source/state/reduce.ts';
import {down, frozen, health, metrics, now, observe, run, start, t0, up, well, wellAt} from './fixture.ts';

test('never writes to the state or to an observation', () => {
	const observations: Observation[] = frozen([
		...wellAt(now),
		down('nats', 'gone', now),
		{kind: 'containers', containers: [], at: now},
		{kind: 'streams', streams: [], at: now},
		{kind: 'log', lines: [{at: now, service: 'a', stderr: false, text: 'x', matches: ['timeout']}], at: now},
		{kind: 'stats', service: 'titan-nats', memoryBytes: 1, memoryLimitBytes: 2, at: now},
		{kind: 'run', run: run(), at: now},
		{kind: 'incident', since: now, at: now},
	]);
	let state = frozen(well());
	for (const observation of observations) {
		state = frozen(reduce(state, observation));
	}
	expect(state.run?.id).toBe('run-1');
});

test('the same observation twice gives the same state', () => {
	const state = well();
	for (const observation of wellAt(now)) {
		expect(reduce(state, structuredClone(observation)), observation.kind).toBe(state);
	}
});

test('an observation leaves every other part as it is', () => {
	const state = well();
	const next = reduce(state, health('brain', 'unhealthy', now + 1000));
	for (const part of ['sources', 'services', 'nats', 'streams', 'metrics', 'logs', 'history'] as const) {
		expect(next[part], part).toBe(state[part]);
	}
	expect(next.health['execution']).toBe(state.health['execution']);
	expect(next.health['brain']).not.toBe(state.health['brain']);
});

test('a later look with the same facts keeps what has no time of its own', () => {
	const state = well();
	const next = observe(state, ...wellAt(now + 1000));
	expect(next.services['titan-brain']?.networks).toBe(state.services['titan-brain']?.networks);
	expect(next.services['titan-brain']?.at).toBe(now + 1000);
	expect(next.streams['TITAN_INTENTS']?.subjects).toBe(state.streams['TITAN_INTENTS']?.subjects);
	expect(next.nats.server).toBe(state.nats.server);
	expect(next.logs).toBe(state.logs);
});

test('the state is as new as its newest observation', () => {
	const state = well();
	expect(reduce(state, up('docker', now + 5000)).at).toBe(now + 5000);
	expect(reduce(state, up('docker', now - 5000)).at).toBe(now);
	const odd = reduce(state, {kind: 'rtt', rttMs: 3, at: Number.NaN});
	expect(odd.at).toBe(now);
	expect(odd.nats.connection.rttAt).toBe(now);
});

test('is plain data', () => {
	const state = well();
	expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('does not know a kind of a later version', () => {
	const state = well();
	expect(reduce(state, {kind: 'weather', at: now} as never)).toBe(state);
});

test('a source keeps when it began to be so', () => {
	const at = t0 + 1000;
	const first = observe(start(), up('docker', at), up('docker', at + 1000));
	expect(first.sources['docker']).toEqual({status: 'up', since: at, lastUpAt: at + 1000});
	const second = observe(first, down('docker', 'refused', at + 2000), down('docker', 'denied', at + 3000));
	expect(second.sources['docker']).toEqual({
		status: 'down',
		since: at + 2000,
		lastUpAt: at + 1000,
		error: 'denied',
	});
	expect(observe(second, up('docker', at + 4000)).sources['docker']).toEqual({
		status: 'up',
		since: at + 4000,
		lastUpAt: at + 4000,
	});
});

test('an endpoint keeps since when it is so', () => {
	const state = observe(
		start(),
		health('brain', 'unhealthy', t0, 'nats unhealthy'),
		health('brain', 'unhealthy', t0 + 1000, 'nats lost'),
		metrics('missing', t0),
		metrics('missing', t0 + 1000),
	);
	expect(state.health['brain']).toMatchObject({since: t0, at: t0 + 1000, detail: 'nats lost'});
	expect(state.health['brain']).not.toHaveProperty('kind');
	expect(state.metrics['sentinel']).toMatchObject({since: t0, at: t0 + 1000, status: 'missing'});
	const well = observe(state, health('brain', 'healthy', t0 + 2000), metrics('ok', t0 + 2000));
	expect(well.health['brain']?.since).toBe(t0 + 2000);
	expect(well.metrics['sentinel']?.since).toBe(t0 + 2000);
});

test('a run and an incident come and go', () => {
	const state = observe(start(), {kind: 'run', run: run(), at: t0}, {kind: 'incident', since: t0, at: t0});
	expect(state.run?.title).toBe('full recovery');
	expect(reduce(state, {kind: 'run', run: run(), at: t0})).toBe(state);
	const over = observe(
		state,
		{kind: 'run', run: undefined, at: t0},
		{kind: 'incident', since: undefined, at: t0},
	);
	expect(over.run).toBeUndefined();
	expect(over.incidentSince).toBeUndefined();
});

test('what is known of an escalation stays as long as its incident', () => {
	const escalation = {to: ['pager'], dueAt: now, alive: true, attempts: 0, delivered: []};
	const told = observe(start(), {kind: 'incident', since: t0, escalation, at: t0});
	expect(told.escalation).toEqual(escalation);
	expect(observe(told, {kind: 'incident', since: t0, at: t0}).escalation).toBe(told.escalation);
	expect(observe(told, {kind: 'incident', since: t0 + 1, at: t0}).escalation).toBeUndefined();
	expect(observe(told, {kind: 'incident', since: undefined, at: t0}).escalation).toBeUndefined();
});
