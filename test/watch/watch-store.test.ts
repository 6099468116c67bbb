import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import {createStore, type Snapshot, type WatchStore} from '../../source/watch/watch-store.ts';
import {
	config,
	connected,
	container,
	disconnected,
	down,
	healthz,
	run,
	services,
	t0,
	up,
	wellAt,
} from '../state/fixture.ts';

let watch: WatchStore;
let seen: Snapshot[];

beforeEach(() => {
	vi.useFakeTimers({now: t0});
	watch = createStore({config, host: 'prod-1', clock: {now: () => Date.now()}});
	seen = [];
	watch.store.subscribe((snapshot) => seen.push(snapshot));
});

afterEach(() => {
	watch.dispose();
	vi.useRealTimers();
});

/** Lets what is new be shown, so that the next observation is the first of its batch. */
function settle(): void {
	for (const observation of wellAt(Date.now())) {
		watch.emit(observation);
	}
	watch.flush();
	seen.length = 0;
}

test('begins with what is known before anything was seen', () => {
	expect(watch.store.getState()).toMatchObject({
		findings: [],
		now: t0,
		state: {host: 'prod-1', streams: {}},
	});
});

/** Something wrong, so that the store hurries. */
function trouble(): void {
	settle();
	watch.emit({kind: 'container', container: container('titan-brain', {status: 'exited'}), at: Date.now()});
	watch.flush();
	seen.length = 0;
}

test('shows observations together, at most once a second while all is well', () => {
	settle();
	for (let ms = 0; ms < 2500; ms += 10) {
		watch.emit({kind: 'rtt', rttMs: 1 + ms / 1000, at: Date.now()});
		vi.advanceTimersByTime(10);
	}
	expect(seen.map(({now}) => now - t0)).toEqual([1000, 2000]);
});

test('shows observations together, at most once in 250 ms while something is wrong', () => {
	trouble();
	for (let ms = 0; ms < 900; ms += 10) {
		watch.emit({kind: 'rtt', rttMs: ms + 1, at: Date.now()});
		vi.advanceTimersByTime(10);
	}
	expect(seen.map(({now}) => now - t0)).toEqual([250, 500, 750]);
	expect(seen.at(-1)?.state.nats.connection.rttMs).toBeGreaterThan(740);
});

test('does not wait for a whole batch after a pause', () => {
	trouble();
	vi.advanceTimersByTime(600);
	watch.emit({kind: 'rtt', rttMs: 5, at: Date.now()});
	vi.advanceTimersByTime(20);
	expect(seen).toHaveLength(1);
});

describe('shows what is urgent within 20 ms', () => {
	test.each<[string, () => Observation]>([
		[
			'a container that ends',
			() => ({kind: 'container', container: container('titan-nats', {status: 'exited'}), at: t0}),
		],
		[
			'a container that gets unhealthy',
			() => ({kind: 'container', container: container('titan-nats', {health: 'unhealthy'}), at: t0}),
		],
		['a container that is gone', () => ({kind: 'containers', containers: [], at: t0})],
		['a connection that is lost', () => disconnected(t0)],
		['healthz that changes', () => healthz('booting', t0)],
		['a run', () => ({kind: 'run', run: run(), at: t0})],
		['a source that goes down', () => down('nats', 'x', t0)],
	])('%s', (_, observation) => {
		settle();
		watch.emit(observation());
		vi.advanceTimersByTime(20);
		expect(seen).toHaveLength(1);
	});

	test.each<[string, () => Observation]>([
		[
			'containers as they were',
			() => ({kind: 'containers', containers: services.map((name) => container(name)), at: t0 + 1}),
		],
		['a connection as it was', () => connected(t0 + 1)],
		['healthz as it was', () => healthz('ok', t0 + 1)],
		['a source that is up', () => up('nats', t0 + 1)],
	])('not %s', (_, observation) => {
		settle();
		watch.emit(observation());
		vi.advanceTimersByTime(999);
		expect(seen).toHaveLength(0);
		vi.advanceTimersByTime(1);
		expect(seen).toHaveLength(1);
	});

	test('also where a batch waits already', () => {
		settle();
		watch.emit({kind: 'rtt', rttMs: 5, at: t0});
		vi.advanceTimersByTime(100);
		watch.emit(disconnected(t0));
		watch.emit({kind: 'rtt', rttMs: 6, at: t0});
		vi.advanceTimersByTime(20);
		expect(seen).toHaveLength(1);
		expect(seen[0]?.findings[0]).toMatchObject({id: 'nats-unreached', severity: 'critical'});
		vi.advanceTimersByTime(300);
		expect(seen).toHaveLength(1);
	});
});

test('an observation that changes nothing shows nothing', () => {
	settle();
	watch.emit(up('nats', t0));
	vi.advanceTimersByTime(999);
	expect(seen).toHaveLength(0);
});

test('flush shows at once, and once', () => {
	settle();
	watch.emit(disconnected(t0));
	watch.flush();
	expect(seen).toHaveLength(1);
	expect(seen[0]?.findings.map(({id}) => id)).toEqual(['nats-unreached']);
	vi.advanceTimersByTime(500);
	expect(seen).toHaveLength(1);
});

test('ages and what depends on time move each second, without an observation', () => {
	watch.emit(disconnected(t0));
	vi.advanceTimersByTime(5000);
	const {now, findings} = watch.store.getState();
	// A second after the flush of the observation, and so on.
	expect(now).toBeGreaterThan(t0 + 4000);
	expect(findings.find(({id}) => id === 'nats-unreached')).toMatchObject({since: t0, sinceMs: now - t0});
	expect(findings.map(({id}) => id)).toContain('source-unknown:docker');
});

test('a finding goes two seconds after what it was seen by', () => {
	settle();
	watch.emit(disconnected(t0));
	vi.advanceTimersByTime(100);
	watch.emit(connected(Date.now()));
	watch.flush();
	vi.advanceTimersByTime(1000);
	expect(watch.store.getState().findings.map(({id}) => id)).toEqual(['nats-unreached']);
	// The next tick after the two seconds.
	vi.advanceTimersByTime(2000);
	expect(watch.store.getState().findings).toEqual([]);
});

test('an observation that can not be read is shown, fails nobody, and is forgotten with the next that can', () => {
	settle();
	expect(() => watch.emit({kind: 'streams', streams: null, at: t0} as never)).not.toThrow();
	vi.advanceTimersByTime(4000);
	const ids = (): string[] => watch.store.getState().findings.map(({id}) => id);
	expect(ids()).toContain('source-unknown:observation of streams');
	for (const observation of wellAt(Date.now())) {
		watch.emit(observation);
	}
	vi.advanceTimersByTime(3000);
	expect(ids()).toEqual([]);
});

test('is quiet once it is disposed of', () => {
	settle();
	watch.emit(disconnected(t0));
	watch.dispose();
	watch.emit(connected(t0));
	watch.flush();
	vi.advanceTimersByTime(10_000);
	expect(seen).toHaveLength(0);
	expect(vi.getTimerCount()).toBe(0);
});
