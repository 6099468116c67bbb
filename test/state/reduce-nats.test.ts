import {describe, expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {account, connected, disconnected, healthz, jsz, observe, server, start, t0, varz} from './fixture.ts';

const nats = (...observations: Observation[]) => observe(start(), ...observations).nats;
const rtt = (at: number, rttMs = 0.8): Observation => ({kind: 'rtt', rttMs, at});

describe('the connection', () => {
	test('keeps since when it is so, and counts reconnects', () => {
		const first = nats(connected(t0), connected(t0 + 1000));
		expect(first.connection).toMatchObject({status: 'connected', since: t0, reconnects: 0});
		expect(first.server).toEqual(server);
		const lost = nats(connected(t0), disconnected(t0 + 1000), disconnected(t0 + 2000, 'connection refused'));
		expect(lost.connection).toMatchObject({since: t0 + 1000, error: 'connection refused', reconnects: 0});
		expect(lost.server).toEqual(server);
		const back = nats(connected(t0), disconnected(t0 + 1000), connected(t0 + 2000));
		expect(back.connection).toMatchObject({status: 'connected', since: t0 + 2000, reconnects: 1});
		expect(back.connection.error).toBeUndefined();
	});

	test('the first one is no reconnect, however long it took', () => {
		expect(nats(disconnected(t0), connected(t0 + 1000)).connection.reconnects).toBe(0);
	});

	test('its round trip goes with it', () => {
		expect(nats(connected(t0), rtt(t0 + 1), connected(t0 + 2)).connection).toMatchObject({
			rttMs: 0.8,
			rttAt: t0 + 1,
		});
		expect(nats(connected(t0), rtt(t0 + 1), disconnected(t0 + 2)).connection.rttMs).toBeUndefined();
		expect(nats(connected(t0), disconnected(t0 + 1), rtt(t0 + 2)).connection.rttMs).toBeUndefined();
		expect(nats(connected(t0), rtt(t0 + 1), rtt(t0 + 2, Number.NaN)).connection.rttMs).toBe(0.8);
	});
});

test('healthz keeps since when it is so', () => {
	const state = nats(healthz('booting', t0, 'not ready'), healthz('booting', t0 + 1000, 'still not'));
	expect(state.healthz).toEqual({
		status: 'booting',
		since: t0,
		at: t0 + 1000,
		error: 'still not',
		elapsedMs: 2,
	});
	expect(nats(healthz('booting', t0), healthz('ok', t0 + 1000)).healthz).toMatchObject({since: t0 + 1000});
});

describe('varz', () => {
	const at = (ms: number, changes: Partial<typeof varz> = {}): Observation => ({
		kind: 'varz',
		varz: {...varz, ...changes},
		at: t0 + ms,
	});

	test('gives rates from the second look on', () => {
		expect(nats(at(0)).varz?.inMessagesPerSecond).toBeUndefined();
		const second = nats(at(0), at(2000, {inMessages: 1200, outMessages: 1020})).varz;
		expect(second).toMatchObject({inMessagesPerSecond: 100, outMessagesPerSecond: 10, at: t0 + 2000});
	});

	test.each([
		['another life of the server', {startedAt: t0, inMessages: 5000}],
		['counters that went back', {inMessages: 3}],
		['a figure that is none', {inMessages: Number.NaN}],
	])('has no rate over %s', (_, changes) => {
		expect(nats(at(0), at(1000, changes)).varz?.inMessagesPerSecond).toBeUndefined();
	});
});

test('jsz and the account are kept with their times', () => {
	const state = nats({kind: 'jsz', jsz, at: t0}, {kind: 'account', account, at: t0 + 1});
	expect(state.jsz).toEqual({...jsz, at: t0});
	expect(state.account).toEqual({...account, at: t0 + 1});
});
