import {describe, expect, test} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Observation, ObservationOf} from '../../source/state/observation.ts';
import {nodeOf, nodes, others, replica, replicated, view, viewOf} from '../state/cluster-fixture.ts';
import {
	consumer,
	disconnected,
	down,
	exited,
	health,
	healthz,
	jsz,
	mebibyte,
	now,
	observe,
	run,
	server,
	stream,
	streams,
	varz,
	well,
} from '../state/fixture.ts';
import {containerOf, ids, symptom, symptoms} from './cluster-fixture.ts';

const [a, b, c] = ['titan-nats', 'titan-nats-2', 'titan-nats-3'] as const;
const away = (service: string, ms = 0, error = 'connection refused'): Observation =>
	nodeOf(service, 'unreachable', now + ms, error);
const killed = (...services: string[]): Observation[] =>
	services.map((service) => containerOf(service, {...exited, finishedAt: now}));
const leaderless = {meta: {size: 3, pending: 0, replicas: []}};
/** What the servers say at each third second until `ms` from now. */
const looks = (
	ms: number,
	changes: Record<string, Parameters<typeof view>[2]>,
	services: readonly string[] = nodes,
): Observation[] =>
	Array.from({length: Math.floor(ms / 3000)}, (_, index) =>
		services.map((service) => view(service, now + (index + 1) * 3000, changes[service])),
	).flat();
const all = (changes: Parameters<typeof view>[2]) =>
	Object.fromEntries(nodes.map((service) => [service, changes]));

test('a healthy cluster has no finding', () => {
	expect(ids([])).toEqual([]);
	expect(ids(looks(30_000, {}), now + 30_000).filter((id) => !id.startsWith('source-unknown'))).toEqual([]);
});

describe('node-down', () => {
	test.each([
		['exited', {...exited, finishedAt: now - 12_000}, 'is down', 'exited 137, 12 s ago'],
		['missing', {status: 'missing'}, 'is down', 'its container is missing'],
		['paused', {status: 'paused'}, 'is paused', 'just now'],
	] as const)('by its container, at once: %s', (_, changes, words, evidence) => {
		const seen = [containerOf(b, {...changes}), away(b)];
		expect(ids(seen)).toEqual([`node-down:${b}`]);
		expect(symptom(`node-down:${b}`, seen)).toMatchObject({
			severity: 'warning',
			title: `${b} ${words}`,
			evidence,
			runbook: 'restart',
		});
	});

	test('the first one likewise, and NATS is not down while another one answers', () => {
		const other = {...server, name: b};
		const back: Observation = {
			kind: 'connection',
			status: 'connected',
			url: 'x',
			server: other,
			at: now + 300,
		};
		const seen = [
			...killed(a),
			disconnected(now),
			away(a),
			healthz('unreachable', now, 'connection refused'),
		];
		expect(ids(seen)).toEqual([`node-down:${a}`]);
		expect(ids([...seen, back])).toEqual([`node-down:${a}`]);
		// What can't be read meanwhile has that reason.
		expect(ids([...seen, down('nats', 'closed', now), down('monitor', 'refused', now)], now + 4000)).toEqual([
			`node-down:${a}`,
			`source-unknown:nats < node-down:${a}`,
		]);
	});

	const unseen = {
		meta: {...viewOf(a).meta!, replicas: others(a).map((name) => replica(name, {activeMs: 6000}))},
	};

	test('by its port, if the leader misses it too', () => {
		const missed = [away(b, 0, 'no answer in 2 s'), view(a, now + 1000, unseen)];
		expect(ids([...missed], now + 1900)).toEqual([]);
		expect(symptom(`node-down:${b}`, missed, now + 2000)).toMatchObject({
			title: `${b} does not answer`,
			evidence: 'container running, healthz: no answer in 2 s, for 2 s',
			runbook: 'restart',
			beganAt: now,
		});
	});

	test('by its port, if its own health check fails', () => {
		const sick = [away(b), containerOf(b, {health: 'unhealthy'})];
		expect(symptom(`node-down:${b}`, sick, now + 2000)).toMatchObject({runbook: 'restart'});
	});

	test('not by its port alone: that is unknown', () => {
		const seen = [away(b), down(`node:${b}`, 'refused', now), view(a, now)];
		expect(ids(seen, now + 4000)).toEqual([`source-unknown:node:${b}`]);
		const other: Observation = {...nodeOf(b, 'unreachable', now, 'HTTP 401'), answers: true} as Observation;
		expect(ids([other, view(a, now, unseen), down(`node:${b}`, 'HTTP 401', now)], now + 4000)).toEqual([
			`source-unknown:node:${b}`,
		]);
	});

	test('not where the leader hears of it: then only its port is away', () => {
		const seen = [away(b), ...looks(6000, {}, [a, c]), away(b, 6000), down(`node:${b}`, 'refused', now)];
		expect(ids(seen, now + 7000)).toEqual([`source-unknown:node:${b}`]);
	});

	test('booting: wait', () => {
		const found = symptom(`node-down:${b}`, [
			nodeOf(b, 'booting', now, 'failed to be ready for connections'),
		]);
		expect(found).toMatchObject({
			severity: 'warning',
			title: `${b} is booting`,
			advice: 'wait, do not restart it',
		});
		expect(found).not.toHaveProperty('runbook');
		// Of the first one, too.
		expect(ids([nodeOf(a, 'booting', now, 'x'), healthz('booting', now, 'x')])).toEqual([`node-down:${a}`]);
	});

	test('unhealthy, once it has had the time to catch up', () => {
		const seen = [nodeOf(b, 'unavailable', now, 'JetStream is not current with the meta leader')];
		expect(ids([...seen, ...looks(9000, {})], now + 9900)).toEqual([]);
		expect(symptom(`node-down:${b}`, [...seen, ...looks(9000, {})], now + 10_000)).toMatchObject({
			severity: 'warning',
			title: `${b} is unhealthy`,
			evidence: 'JetStream is not current with the meta leader, for 10 s',
			advice: `read the log of ${b}`,
		});
		// Without a leader that is no fault of its own.
		expect(ids([...seen, ...looks(9000, all(leaderless))], now + 10_000)).toEqual([]);
	});

	test('cut off, where it hears of no leader and the others have one', () => {
		const error = 'JetStream has not established contact with a meta leader';
		const seen = [nodeOf(b, 'unavailable', now, error), ...looks(3000, {[b]: leaderless})];
		expect(ids(seen, now + 4900)).toEqual([]);
		expect(symptom(`node-down:${b}`, seen, now + 5000)).toMatchObject({
			severity: 'warning',
			title: `${b} is cut off from the other servers`,
			advice: `look at the network between ${b} and the others`,
		});
	});

	test('critical where a stream has no majority without it', () => {
		const solo = stream({cluster: {leader: b, replicas: []}, numReplicas: 1, name: 'SOLO'});
		const seen = [streams(now, replicated(), solo), ...killed(b)];
		expect(symptom(`node-down:${b}`, seen)).toMatchObject({
			severity: 'critical',
			evidence: 'exited 137, just now, SOLO cannot be written without it',
		});
		expect(symptom(`node-down:${c}`, [streams(now, replicated(), solo), ...killed(c)])?.severity).toBe(
			'warning',
		);
	});

	test('critical where a service has not reached NATS for longer than an election takes', () => {
		const seen = [...killed(b), health('brain', 'unhealthy', now, 'nats disconnected')];
		expect(ids(seen)).toEqual([`node-down:${b}`, `health-unhealthy:brain < node-down:${b}`]);
		expect(symptom(`node-down:${b}`, seen, now + 9000)?.severity).toBe('warning');
		expect(symptom(`node-down:${b}`, seen, now + 10_000)).toMatchObject({
			severity: 'critical',
			evidence: 'exited 137, 10 s ago, titan-brain cannot reach NATS',
		});
	});

	test('a warning while a run restarts it', () => {
		const going: Observation = {
			kind: 'run',
			run: run({runbook: 'restart', title: 'restart titan-nats', stopped: [b]}),
			at: now,
		};
		const solo = stream({cluster: {leader: b, replicas: []}, numReplicas: 1});
		const seen = [streams(now, solo), ...killed(b), going];
		const found = symptom(`node-down:${b}`, seen);
		expect(found).toMatchObject({
			severity: 'warning',
			title: `${b} is being restarted`,
			evidence: 'by a run that goes on: restart titan-nats',
		});
		expect(found).not.toHaveProperty('runbook');
	});

	test('offers no restart where it is cut off from its network', () => {
		const seen = [containerOf(b, {networks: []}), away(b), away(b, 2500)];
		expect(ids(seen, now + 2500)).toEqual([
			`container-detached:${b}`,
			`node-down:${b} < container-detached:${b}`,
		]);
	});

	test('explains what its replica lacks, and its own container', () => {
		const lagging = replicated({
			cluster: {leader: a, replicas: [replica(b, {offline: true, activeMs: 9000}), replica(c)]},
		});
		const seen = [
			...killed(b),
			streams(now, lagging),
			streams(now + 6000, lagging),
			containerOf(b, {health: 'unhealthy', ...exited}),
		];
		expect(ids(seen, now + 6000)).toContain(`replica-behind:${b} < node-down:${b}`);
	});
});

describe('quorum-lost', () => {
	test('at once, by the servers that are down, and they are part of it', () => {
		const seen = [...killed(b, c)];
		expect(ids(seen)).toEqual([
			'quorum-lost',
			`node-down:${b} < quorum-lost`,
			`node-down:${c} < quorum-lost`,
		]);
		expect(symptom('quorum-lost', seen)).toMatchObject({
			severity: 'critical',
			title: 'The cluster has lost its majority',
			evidence: `1 of 3 servers works, 2 are needed, ${b} is down, ${c} is down`,
			runbook: 'restart',
		});
	});

	test('explains what can no longer be read', () => {
		const seen = [
			...killed(b, c),
			down('nats', 'STREAM.LIST: JetStream system temporarily unavailable (10008)', now),
			nodeOf(a, 'unavailable', now, 'JetStream has not established contact with a meta leader'),
			healthz('unavailable', now, 'JetStream has not established contact with a meta leader'),
			health('brain', 'unhealthy', now, 'nats disconnected'),
		];
		expect(ids(seen, now + 4000)).toEqual([
			'quorum-lost',
			`node-down:${b} < quorum-lost`,
			`node-down:${c} < quorum-lost`,
			'health-unhealthy:brain < quorum-lost',
			'source-unknown:nats < quorum-lost',
		]);
	});

	test('all of them down', () => {
		const seen = [...killed(a, b, c), disconnected(now), down('nats', 'x', now)];
		expect(ids(seen, now + 4000).filter((id) => !id.includes(' < '))).toEqual(['quorum-lost']);
		expect(symptom('quorum-lost', seen)?.evidence).toContain('0 of 3 servers work, 2 are needed');
	});

	test('says to wait where those that are missing are booting', () => {
		const seen = [b, c].map((service) => nodeOf(service, 'booting', now, 'x'));
		const found = symptom('quorum-lost', seen);
		expect(found).toMatchObject({advice: 'wait, do not restart them'});
		expect(found).not.toHaveProperty('runbook');
	});

	test('where nobody knows a leader for longer than an election takes', () => {
		expect(ids(looks(9000, all(leaderless)), now + 12_900)).toEqual([]);
		expect(symptom('quorum-lost', looks(12_000, all(leaderless)), now + 13_000)).toMatchObject({
			title: 'The cluster has no leader',
			evidence: 'no server knows one, for 10 s',
			advice: 'look at the network between the servers',
		});
		// One that is cut off does not speak for the others.
		const one = looks(15_000, {[c]: leaderless});
		expect(ids(one, now + 15_000).filter((id) => id.startsWith('quorum'))).toEqual([]);
	});

	test('not while one of three is down, nor where more servers are in the cluster than are named', () => {
		expect(ids(killed(b))).not.toContain('quorum-lost');
		const five = {meta: {...viewOf(a).meta!, size: 5}};
		expect(ids([view(a, now, five), ...killed(b, c)])).not.toContain('quorum-lost');
	});
});

describe('split-brain', () => {
	const split = {[c]: {meta: {leader: c, size: 3, pending: 0, replicas: []}}};

	test('after longer than a server that was cut off believes in itself', () => {
		expect(ids(looks(21_000, split), now + 22_900)).toEqual([]);
		expect(symptom('split-brain:meta-leader', looks(24_000, split), now + 24_000)).toMatchObject({
			severity: 'critical',
			title: 'The servers disagree on their leader',
			evidence: `${a} and ${b} say led by ${a}, ${c} says led by ${c}, for 21 s`,
			advice: 'look at each server by itself',
		});
	});

	test('not once they agree, nor of what was seen long ago', () => {
		const seen = looks(24_000, split);
		const agreed = nodes.map((service) => view(service, now + 27_000));
		expect(ids([...seen, ...agreed], now + 27_000)).toEqual([]);
		expect(ids(seen, now + 35_000).filter((id) => id.startsWith('split'))).toEqual([]);
	});

	test('is folded under a route that is missing', () => {
		const cut = looks(24_000, {...split, [c]: {...split[c], routes: []}});
		expect(ids(cut, now + 24_000)).toEqual([
			`route-partitioned:${c}`,
			`split-brain:meta-leader < route-partitioned:${c}`,
		]);
	});

	test('of what a stream holds, unless a replica is behind', () => {
		const has = (lastSeq: number) => ({
			streams: {'$G > TITAN_INTENTS': {leader: a, firstSeq: 1, lastSeq, messages: lastSeq}},
		});
		const apart = looks(30_000, {[c]: has(3000)});
		const id = 'split-brain:stream-sequence:$G > TITAN_INTENTS';
		expect(symptom(id, apart, now + 30_000)).toMatchObject({
			title: 'The servers disagree on what TITAN_INTENTS holds',
			evidence: expect.stringContaining(`${c} has 3,000 up to 3,000`),
		});
		const behind = replicated({cluster: {leader: a, replicas: [replica(b), replica(c, {lag: 2000})]}});
		expect(symptom(id, [...apart, streams(now + 29_000, behind)], now + 30_000)).toBeUndefined();
		// Of a stream of another account it is not known.
		expect(symptom(id, [...apart, streams(now + 29_000)], now + 30_000)).toBeUndefined();
	});
});

describe('route-partitioned', () => {
	test('two servers that work', () => {
		const cut = {[b]: {routes: [a]}, [c]: {routes: [a]}};
		expect(ids(looks(6000, cut), now + 7000)).toEqual([]);
		expect(symptom(`route-partitioned:${b}|${c}`, looks(9000, cut), now + 9000)).toMatchObject({
			severity: 'warning',
			title: `${b} and ${c} have no route to each other`,
			evidence: `no route from ${b} to ${c}, nor from ${c} to ${b}, for 6 s`,
			advice: `look at the network between ${b} and ${c}`,
		});
	});

	test('one that is cut off from all others is one critical finding', () => {
		const cut = {[a]: {routes: [b]}, [b]: {routes: [a]}, [c]: {routes: []}};
		expect(ids(looks(9000, cut), now + 9000)).toEqual([`route-partitioned:${c}`]);
		expect(symptom(`route-partitioned:${c}`, looks(9000, cut), now + 9000)).toMatchObject({
			severity: 'critical',
			title: `${c} is cut off from the other servers`,
		});
	});

	test('not where one of the two is down', () => {
		const cut = {[a]: {routes: [b]}, [b]: {routes: [a]}};
		const seen = [...looks(9000, cut, [a, b]), ...killed(c)];
		expect(ids(seen, now + 9000)).toEqual([`node-down:${c}`]);
	});

	test('is folded under a container without a network', () => {
		const cut = {[a]: {routes: [b]}, [b]: {routes: [a]}, [c]: {routes: []}};
		const seen = [...looks(9000, cut), containerOf(c, {networks: []}, 9000)];
		expect(ids(seen, now + 9000)).toContain(`route-partitioned:${c} < container-detached:${c}`);
	});
});

describe('what nobody answers for', () => {
	const solo = stream({cluster: {leader: b, replicas: []}, numReplicas: 1});
	const silent = (ms: number, ...missing: string[]): ObservationOf<'streams'> => ({
		kind: 'streams',
		streams: [],
		missing,
		at: now + ms,
	});

	test('stream-offline: a stream with its only server, and it is not missing', () => {
		const seen = [streams(now, solo), silent(4000, 'TITAN_INTENTS')];
		expect(ids(seen)).toEqual(['stream-offline:TITAN_INTENTS']);
		expect(symptom('stream-offline:TITAN_INTENTS', seen)).toMatchObject({
			severity: 'critical',
			title: 'TITAN_INTENTS is offline',
			evidence: `only ${b} keeps it, it held 5,000 messages`,
			runbook: 'restart',
		});
		expect(ids([...seen, ...killed(b)])).toEqual([
			`node-down:${b}`,
			`stream-offline:TITAN_INTENTS < node-down:${b}`,
		]);
	});

	test('stream-offline: also one that was never seen, and it makes the dead server critical', () => {
		const seen = [
			silent(4000, 'OTHER'),
			streams(now + 4000),
			{...silent(4000, 'OTHER'), streams: [replicated()]},
		];
		expect(ids(seen)).toEqual(['stream-offline:OTHER']);
		const both = [...seen, ...killed(b)];
		expect(ids(both)).toEqual([`node-down:${b}`, `stream-offline:OTHER < node-down:${b}`]);
		expect(symptom(`node-down:${b}`, both)?.severity).toBe('critical');
	});

	test('stream-leaderless: one of several replicas, after an election', () => {
		const first = [silent(4000, 'TITAN_INTENTS'), silent(9000, 'TITAN_INTENTS')];
		expect(ids(first, now + 12_000)).toEqual([]);
		const seen = [...first, silent(10_000, 'TITAN_INTENTS')];
		expect(symptom('stream-leaderless:TITAN_INTENTS', seen, now + 10_000)).toMatchObject({
			severity: 'critical',
			title: 'TITAN_INTENTS has no leader',
			evidence: 'kept by 3 servers, no leader answers for it for 6 s',
		});
		expect(ids([...seen, ...killed(b, c)], now + 10_000)).toContain(
			'stream-leaderless:TITAN_INTENTS < quorum-lost',
		);
	});

	test('are warnings while a run goes on', () => {
		const going: Observation = {kind: 'run', run: run({runbook: 'restart'}), at: now};
		const seen = [streams(now, solo), silent(4000, 'TITAN_INTENTS'), going];
		expect(symptom('stream-offline:TITAN_INTENTS', seen)?.severity).toBe('warning');
	});

	test('consumer-leaderless: and it is not missing', () => {
		const of = (ms: number): Observation =>
			streams(now + ms, replicated({consumers: [], missingConsumers: ['execution-consumer']}));
		expect(ids([of(1000), of(6000)], now + 9000)).toEqual([]);
		expect(
			symptom('consumer-leaderless:TITAN_INTENTS/execution-consumer', [of(1000), of(7000)], now + 7000),
		).toMatchObject({
			severity: 'critical',
			title: 'execution-consumer has no leader',
			evidence: 'no server answers for this consumer of TITAN_INTENTS, for 6 s',
		});
		const other = [0, 6000].map((ms) =>
			streams(now + ms, replicated({consumers: [consumer()], missingConsumers: ['x']})),
		);
		expect(symptom('consumer-leaderless:TITAN_INTENTS/x', other)?.severity).toBe('warning');
	});
});

describe('replica-behind', () => {
	const of = (...replicas: ReturnType<typeof replica>[]): Observation[] =>
		[0, 4900, 5000].map((ms) => streams(now + ms, replicated({cluster: {leader: a, replicas}})));

	test.each([
		['offline', {offline: true}, 'offline'],
		['not current', {current: false}, 'not current'],
		['lag', {lag: 1200}, '1,200 operations behind'],
		['unseen', {activeMs: 9000}, 'unseen for 9 s'],
	])('after five seconds: %s', (_, changes, words) => {
		const seen = of(replica(b), replica(c, changes));
		expect(ids(seen.slice(0, 2), now + 9000)).toEqual([]);
		expect(ids(seen, now + 5000)).toEqual([`replica-behind:${c}`]);
		// What was read before an outage tells nothing of now.
		expect(ids(seen, now + 15_000)).toEqual([]);
		expect(symptom(`replica-behind:${c}`, seen, now + 5000)).toMatchObject({
			severity: 'warning',
			title: `${c} is behind`,
			evidence: `TITAN_INTENTS: ${words}`,
			beganAt: now,
		});
	});

	test('is critical where too few are current for a majority', () => {
		const seen = of(replica(b, {current: false}), replica(c, {current: false}));
		expect(symptom(`replica-behind:${b}`, seen, now + 5000)?.severity).toBe('critical');
	});

	test('is one finding a server, of streams and consumers', () => {
		const cluster = {leader: a, replicas: [replica(b, {offline: true}), replica(c)]};
		const seen = [0, 5000].map((ms) =>
			streams(
				now + ms,
				replicated({cluster, consumers: [consumer({cluster})]}),
				replicated({name: 'B', cluster}),
			),
		);
		expect(symptom(`replica-behind:${b}`, seen, now + 5000)?.evidence).toBe('TITAN_INTENTS: offline, 2 more');
	});

	test('too few of them', () => {
		expect(symptom('replica-behind:TITAN_INTENTS/replicas', of(replica(b)))).toMatchObject({
			title: 'TITAN_INTENTS has too few replicas',
			evidence: '2 of 3',
		});
	});
});

describe('versions-differ', () => {
	test('while the servers work', () => {
		const old = view(c, now, {version: '2.10.29'});
		expect(symptom('versions-differ', [old])).toMatchObject({
			severity: 'warning',
			evidence: `2.10.29: ${c}; 2.15.1: ${a}, ${b}`,
		});
		expect(ids([old, ...killed(c), away(c)])).toEqual([`node-down:${c}`]);
		expect(ids([view(c, now, {version: ''})])).toEqual([]);
	});
});

describe('a server that only the system account knows', () => {
	const east = 'nats-east';
	const remote = (status: 'ok' | 'unreachable', ms = 0, more: object = {}): Observation =>
		({kind: 'node', service: east, remote: true, status, elapsedMs: 2, at: now + ms, ...more}) as Observation;
	const error = 'no answer through the system account';

	test('is one of the cluster: away it is told, and it is for nobody here to start it', () => {
		const seen = [remote('ok'), view(east, now), remote('unreachable', 1000, {error})];
		expect(ids(seen, now + 2900)).toEqual([]);
		const found = symptom(`node-down:${east}`, seen, now + 3000);
		expect(found).toMatchObject({
			severity: 'warning',
			title: `${east} does not answer`,
			evidence: 'no answer through the system account, for 2 s',
			advice: `read the log of ${east}`,
		});
		expect(found).not.toHaveProperty('runbook');
	});

	test('is believed at once where it says itself that it goes', () => {
		const gone = remote('unreachable', 1000, {error: 'it said that it shuts down', left: true});
		expect(symptom(`node-down:${east}`, [remote('ok'), gone], now + 1000)?.evidence).toBe(
			'it said that it shuts down',
		);
	});

	test('counts for the majority, also where the configuration names one server alone', () => {
		const others = ['nats-east', 'nats-west'].flatMap((service): Observation[] => [
			{kind: 'node', service, remote: true, status: 'ok', elapsedMs: 1, at: now},
			{
				kind: 'node',
				service,
				remote: true,
				status: 'unreachable',
				left: true,
				error,
				elapsedMs: 0,
				at: now + 1000,
			},
		]);
		const own: Observation = {kind: 'node', service: a, status: 'ok', elapsedMs: 1, at: now + 1000};
		const alone = diagnose(observe(well(), own, ...others), titan, now + 1000);
		expect(alone[0]).toMatchObject({
			id: 'quorum-lost',
			advice: 'start nats-east, nats-west',
			evidence: expect.stringContaining('1 of 3 servers works, 2 are needed'),
		});
		expect(alone[0]).not.toHaveProperty('runbook');
	});

	test('with another version, where the configuration names one server alone', () => {
		const seen: Observation[] = [
			{kind: 'node', service: a, status: 'ok', elapsedMs: 1, at: now},
			view(a, now),
			remote('ok'),
			view(east, now, {version: '2.14.0'}),
		];
		expect(diagnose(observe(well(), ...seen), titan, now).map(({id}) => id)).toEqual(['versions-differ']);
	});
});

describe('the figures of each server', () => {
	const figures = (service: string, changes: {varz?: object; jsz?: object} = {}, ms = 0): Observation[] => [
		{kind: 'varz', service, varz: {...varz, ...changes.varz}, at: now + ms},
		{kind: 'jsz', service, jsz: {...jsz, ...changes.jsz}, at: now + ms},
	];

	test('are looked at, not only those of the first', () => {
		const seen = [
			...figures(a),
			...figures(b, {varz: {connections: 100, maxConnections: 100}}),
			...figures(c, {jsz: {storageBytes: 95 * mebibyte, maxStorageBytes: 100 * mebibyte}}),
			{kind: 'disk', service: c, freeBytes: 1 << 20, totalBytes: 1 << 30, at: now} as Observation,
			{kind: 'disk', service: b, freeBytes: 50 << 20, totalBytes: 1 << 30, at: now} as Observation,
		];
		expect(ids(seen).sort()).toEqual(
			[`connections:${b}`, `disk-low:${b}`, `disk:${c}`, `storage:$server:${c}`].sort(),
		);
		expect(symptom(`connections:${b}`, seen)?.title).toBe(`${b} is out of connections`);
		expect(symptom(`disk:${c}`, seen)?.title).toBe(`The disk of ${c} is full`);
	});

	test('slow consumers of another server than the first', () => {
		const seen = [...figures(b), ...figures(b, {varz: {slowConsumers: 3}}, 3000)];
		expect(symptom(`slow-consumers:${b}`, seen)?.title).toBe(`${b} cuts off slow consumers`);
	});

	test('of one that is away tell nothing', () => {
		const seen = [...figures(b, {varz: {connections: 100, maxConnections: 100}}), ...killed(b), away(b)];
		expect(ids(seen)).toEqual([`node-down:${b}`]);
	});

	test('explain the services that are refused', () => {
		const seen = [
			...figures(b, {varz: {connections: 100, maxConnections: 100}}),
			health('brain', 'unhealthy', now, 'nats disconnected'),
		];
		expect(ids(seen)).toEqual([`connections:${b}`, `health-unhealthy:brain < connections:${b}`]);
	});
});

test('a server that was started with the name of another cluster is one incident', () => {
	const alone = {clusterName: 'other', routes: [], meta: {size: 3, pending: 0, replicas: []}};
	const seen = [
		...looks(24_000, {[a]: {routes: [b]}, [b]: {routes: [a]}, [c]: alone}),
		nodeOf(c, 'unavailable', now, 'JetStream is still recovering meta layer'),
		nodeOf(a, 'ok', now + 24_000),
		nodeOf(b, 'ok', now + 24_000),
		nodeOf(c, 'unavailable', now + 24_000, 'JetStream is still recovering meta layer'),
	];
	const found = symptoms(seen, now + 24_500).filter(({id}) => !id.startsWith('source-unknown'));
	expect(found[0]).toMatchObject({
		id: 'split-brain:cluster-name',
		advice: 'give all servers the same cluster name',
		evidence: expect.stringContaining(`${c} says in cluster other`),
	});
	expect(found.slice(1).map(({id, cause}) => `${id} < ${cause}`)).toEqual([
		`node-down:${c} < split-brain:cluster-name`,
	]);
});
