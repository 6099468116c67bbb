import {describe, expect, test} from 'vitest';
import type {NodeView} from '../../source/state/cluster.ts';
import type {Observation} from '../../source/state/observation.ts';
import {nodeOf, replica, replicated, startCluster, view, viewOf, wellCluster} from './cluster-fixture.ts';
import {consumer, frozen, now, observe, t0} from './fixture.ts';

const [a, b, c] = ['titan-nats', 'titan-nats-2', 'titan-nats-3'] as const;
const knowing = (...observations: Observation[]) => observe(frozen(wellCluster()), ...observations);
const conflicts = (...observations: Observation[]) => knowing(...observations).nats.conflicts;
/** The same three seconds later. */
const look = (at: number, changes: Record<string, Parameters<typeof view>[2]>): Observation[] =>
	[a, b, c].map((service) => view(service, at, changes[service]));

describe('a server of the cluster', () => {
	test('keeps since when it is so, and its name while it is away', () => {
		const state = knowing(
			nodeOf(b, 'unreachable', now + 1000, 'connection refused'),
			nodeOf(b, 'unreachable', now + 2000, 'connection refused'),
		);
		expect(state.nats.nodes?.[b]).toMatchObject({
			status: 'unreachable',
			since: now + 1000,
			at: now + 2000,
			error: 'connection refused',
			view: {serverName: b},
		});
		expect(
			knowing(nodeOf(b, 'unreachable', now, 'x'), nodeOf(b, 'ok', now + 1)).nats.nodes?.[b],
		).not.toHaveProperty('error');
	});

	test('says nothing before its first healthz, and changes nothing where nothing changed', () => {
		expect(observe(startCluster(), view(a, t0)).nats.nodes).toBeUndefined();
		const state = wellCluster();
		expect(observe(state, nodeOf(a, 'ok', now)).nats).toBe(state.nats);
		expect(observe(state, view(a, now)).nats.nodes).toBe(state.nats.nodes);
	});

	test('is without a leader since it first said so', () => {
		const meta = {size: 3, pending: 0, replicas: []};
		const seen = [view(a, now + 3000, {meta}), view(a, now + 6000, {meta})];
		expect(knowing(...seen).nats.nodes?.[a]?.view?.leaderlessSince).toBe(now + 3000);
		const back = knowing(...seen, view(a, now + 9000));
		expect(back.nats.nodes?.[a]?.view).not.toHaveProperty('leaderlessSince');
		// A server that was started anew has just begun to look for one.
		const anew = knowing(...seen, view(a, now + 9000, {meta, startedAt: now + 7000}));
		expect(anew.nats.nodes?.[a]?.view?.leaderlessSince).toBe(now + 9000);
	});

	test('remembers where its streams were at the look before', () => {
		const streams = {'$G > TITAN_INTENTS': {leader: a, firstSeq: 1, lastSeq: 5300, messages: 5300}};
		const seen = knowing(view(a, now + 3000, {streams}));
		expect(seen.nats.nodes?.[a]?.view?.streams['$G > TITAN_INTENTS']).toMatchObject({
			lastSeq: 5300,
			lastSeqBefore: 5000,
		});
		const anew = knowing(view(a, now + 3000, {streams, startedAt: now}));
		expect(anew.nats.nodes?.[a]?.view?.streams['$G > TITAN_INTENTS']).not.toHaveProperty('lastSeqBefore');
	});
});

describe('what the servers tell differently', () => {
	test('nothing while all is well', () => {
		expect(wellCluster().nats.conflicts).toBeUndefined();
	});

	test('their leader, since the first look that showed it, until they agree', () => {
		const split = {[c]: {meta: {leader: c, size: 3, pending: 0, replicas: []}}};
		const seen = [...look(now + 3000, split), ...look(now + 6000, split)];
		expect(conflicts(...seen)).toEqual({
			'meta-leader': {
				kind: 'meta-leader',
				evidence: `${a} and ${b} say led by ${a}, ${c} says led by ${c}`,
				since: now + 3000,
				at: now + 6000,
			},
		});
		expect(conflicts(...seen, ...look(now + 9000, {}))).toEqual({});
	});

	test('not what one of them does not know', () => {
		expect(
			conflicts(...look(now + 3000, {[c]: {meta: {size: 3, pending: 0, replicas: []}}})),
		).toBeUndefined();
	});

	test('not with one that is away, nor with what it said long ago', () => {
		const split = {[c]: {meta: {leader: c, size: 3, pending: 0, replicas: []}}};
		expect(
			conflicts(...look(now + 3000, split), nodeOf(c, 'unreachable', now + 4000, 'x'), view(a, now + 6000)),
		).toEqual({});
		expect(
			conflicts(view(a, now + 30_000, {meta: {leader: c, size: 3, pending: 0, replicas: []}})),
		).toBeUndefined();
	});

	test.each([
		['how many they are', {meta: {leader: a, size: 4, pending: 0, replicas: []}}, ['peers']],
		['their cluster, and then no route is missed', {clusterName: 'OTHER', routes: []}, ['cluster-name']],
		[
			"a stream's leader",
			{streams: {'$G > TITAN_INTENTS': {leader: c, firstSeq: 1, lastSeq: 5000, messages: 5000}}},
			['stream-leader:$G > TITAN_INTENTS'],
		],
		[
			'what a stream holds',
			{streams: {'$G > TITAN_INTENTS': {leader: a, firstSeq: 1, lastSeq: 3000, messages: 3000}}},
			[],
		],
		['that a stream is on one of them only', {streams: {}}, []],
	] as [string, Partial<NodeView>, string[]][])('%s', (_, changes, keys) => {
		expect(Object.keys(conflicts(...look(now + 3000, {[c]: changes})) ?? {})).toEqual(keys);
	});

	test('what a stream holds, where the difference is no movement between two looks', () => {
		const has = (lastSeq: number, messages = lastSeq) => ({
			streams: {'$G > TITAN_INTENTS': {leader: a, firstSeq: 1, lastSeq, messages}},
		});
		// A fast stream: the follower was read first.
		const fast = {[a]: has(90_000), [b]: has(40_000), [c]: has(60_000)};
		expect(conflicts(...look(now + 3000, fast))).toBeUndefined();
		const apart = {[a]: has(9000), [b]: has(9000), [c]: has(6000)};
		const stays = conflicts(...look(now + 3000, apart), ...look(now + 6000, apart));
		expect(stays?.['stream-sequence:$G > TITAN_INTENTS']).toMatchObject({
			subject: '$G > TITAN_INTENTS',
			evidence: `${a} has 9,000 up to 9,000, ${c} has 6,000 up to 6,000`,
			since: now + 6000,
		});
		const fewer = {[c]: has(5000, 4000)};
		expect(conflicts(...look(now + 3000, fewer), ...look(now + 6000, fewer))).toHaveProperty([
			'stream-sequence:$G > TITAN_INTENTS',
		]);
		const little = {[c]: has(4900)};
		expect(conflicts(...look(now + 3000, little), ...look(now + 6000, little))).toBeUndefined();
	});

	test('a route that is missing at either end, but not of a server that has just started', () => {
		expect(conflicts(...look(now + 3000, {[b]: {routes: [a]}}))).toMatchObject({
			[`route:${b}|${c}`]: {kind: 'route', evidence: `no route from ${b} to ${c}`},
		});
		// Versions that give no names give ids.
		expect(conflicts(...look(now + 3000, {[b]: {routes: [`N${a}`, `N${c}`]}}))).toBeUndefined();
		expect(conflicts(...look(now + 3000, {[b]: {routes: [], startedAt: now}}))).toBeUndefined();
	});
});

describe('the replicas of a stream', () => {
	const streams = (at: number, ...replicas: ReturnType<typeof replica>[]): Observation => ({
		kind: 'streams',
		streams: [
			replicated({
				cluster: {leader: a, replicas},
				consumers: [consumer({cluster: {leader: b, replicas: [replica(a), replica(c)]}})],
			}),
		],
		at,
	});

	test.each([
		['offline', {offline: true}],
		['not current', {current: false}],
		['lagging', {lag: 201}],
		['unseen', {activeMs: 5001}],
	])('are behind since they were first seen so: %s', (_, changes) => {
		const behind = [1000, 2000].map((ms) => streams(now + ms, replica(b), replica(c, changes)));
		const {cluster} = knowing(...behind).streams['TITAN_INTENTS'] ?? {};
		expect(cluster?.replicas.map(({behindSince}) => behindSince)).toEqual([undefined, now + 1000]);
		const back = knowing(...behind, streams(now + 3000, replica(b), replica(c)));
		expect(back.streams['TITAN_INTENTS']?.cluster?.replicas[1]).not.toHaveProperty('behindSince');
	});

	test('are not behind at the limits', () => {
		const state = knowing(streams(now + 1000, replica(b, {lag: 200}), replica(c, {activeMs: 5000})));
		expect(JSON.stringify(state.streams)).not.toContain('behindSince');
		expect(state.streams['TITAN_INTENTS']?.consumers['execution-consumer']?.cluster?.leader).toBe(b);
	});
});

describe('what nobody answers for', () => {
	const none: Observation = {
		kind: 'streams',
		streams: [],
		missing: ['TITAN_INTENTS', 'OTHER'],
		at: now + 1000,
	};

	test('a stream is there, as it was, and since when is known', () => {
		const state = knowing(none, {...none, at: now + 5000});
		expect(state.streams['TITAN_INTENTS']).toMatchObject({present: true, at: now, lastSeq: 5000});
		expect(state.streams).not.toHaveProperty('OTHER');
		expect(state.nats.unanswered).toEqual({TITAN_INTENTS: now + 1000, OTHER: now + 1000});
		expect(
			knowing(none, {kind: 'streams', streams: [replicated()], at: now + 5000}).nats.unanswered,
		).toBeUndefined();
	});

	test('a consumer likewise', () => {
		const silent = (at: number, missingConsumers: string[]): Observation => ({
			kind: 'streams',
			streams: [replicated({consumers: [], missingConsumers})],
			at,
		});
		const stream = knowing(
			silent(now + 1000, ['execution-consumer']),
			silent(now + 2000, ['execution-consumer']),
		).streams['TITAN_INTENTS'];
		expect(stream?.unansweredConsumers).toEqual({'execution-consumer': now + 1000});
		expect(stream?.consumers['execution-consumer']).toMatchObject({present: true, at: now});
		const gone = knowing(silent(now + 1000, [])).streams['TITAN_INTENTS'];
		expect(gone).not.toHaveProperty('unansweredConsumers');
		expect(gone?.consumers['execution-consumer']?.present).toBe(false);
	});
});

test('names from outside find nothing that every object inherits', () => {
	const hostile = {'__proto__ > x': {firstSeq: 1, lastSeq: 1, messages: 1}};
	const state = knowing(nodeOf('constructor', 'ok', now), {
		kind: 'node-view',
		service: 'constructor',
		view: viewOf('constructor', {streams: hostile}),
		at: now,
	});
	expect(state.nats.nodes?.['constructor']?.view?.serverName).toBe('constructor');
});
