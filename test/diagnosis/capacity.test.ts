import {describe, expect, test} from 'vitest';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {
	account,
	consumer,
	container,
	disconnected,
	down,
	exited,
	health,
	healthz,
	jsz,
	mebibyte,
	metrics,
	now,
	services,
	stream,
	streams,
	varz,
	wellAt,
} from '../state/fixture.ts';
import {container1, ids, lasting, symptom, symptoms} from './fixture.ts';

const second = 1000;
const execution = 'titan-execution';
/** Everything is well for some seconds but for what is seen beside it in each. */
const looks = (seconds: number, of: (at: number, index: number) => Observation[]): Observation[][] =>
	Array.from({length: seconds}, (_, index) => {
		const at = now + index * second;
		const more = of(at, index);
		// What is said of the streams is said once: two answers in one moment would undo each other.
		const isSaid = more.some(({kind}) => kind === 'streams');
		return [...wellAt(at).filter(({kind}) => !isSaid || kind !== 'streams'), ...more];
	});
const lastingIds = (...parameters: Parameters<typeof looks>): string[] =>
	lasting(looks(...parameters)).map(({id, cause}) => (cause === undefined ? id : `${id} < ${cause}`));

describe('a container that the kernel killed', () => {
	const killed = {...exited, oomKilled: true, finishedAt: now - 12_000};

	test('explains that it is down', () => {
		expect(ids([container1(execution, killed)])).toEqual([
			`container-oom:${execution}`,
			`container-down:${execution} < container-oom:${execution}`,
		]);
		expect(symptom(`container-oom:${execution}`, [container1(execution, killed)])).toMatchObject({
			severity: 'critical',
			title: `${execution} was killed: out of memory`,
			evidence: '12 s ago, exited',
			advice: `raise the memory limit of ${execution}`,
		});
	});

	test('is a warning once it runs again, for ten minutes', () => {
		const again = [container1(execution, killed), container1(execution, {startedAt: now}, second)];
		expect(symptom(`container-oom:${execution}`, again)).toMatchObject({
			severity: 'warning',
			evidence: '13 s ago, running again',
		});
		expect(ids(again, {at: now + 11 * 60 * second})).not.toContain(`container-oom:${execution}`);
	});

	test('is mended by a restart where it is the server', () => {
		const found = symptoms([container1('titan-nats', killed)]);
		expect(found[0]).toMatchObject({id: 'container-oom:titan-nats', runbook: 'restart'});
		expect(found.find(({id}) => id === 'nats-down')?.cause).toBe('container-oom:titan-nats');
	});
});

describe('a container that restarts again and again', () => {
	const again = (count: number, everyMs = 3000): Observation[] =>
		Array.from({length: count}, (_, index) => [
			container1(execution, {...exited, status: 'restarting', exitCode: 1}, index * everyMs),
			container1(execution, {restarts: index + 1, startedAt: now + index * everyMs}, index * everyMs + 500),
		]).flat();

	test('from the third on', () => {
		expect(ids(again(2))).not.toContain(`container-crash-loop:${execution}`);
		expect(symptom(`container-crash-loop:${execution}`, again(3))).toMatchObject({
			severity: 'critical',
			evidence: '3 restarts, exit 1',
			advice: `read the log of ${execution}`,
		});
	});

	test('not where somebody restarts it by hand', () => {
		const byHand = Array.from({length: 5}, (_, index) =>
			container1(execution, {startedAt: now + index * 3000}, index * 3000 + 500),
		);
		expect(ids(byHand)).toEqual([`container-restarted:${execution}`]);
	});

	test('at the first look, by what the engine has counted', () => {
		const looped = container1(execution, {...exited, status: 'restarting', exitCode: 1, restarts: 7});
		expect(ids([looped])).toEqual([
			`container-crash-loop:${execution}`,
			`container-down:${execution} < container-crash-loop:${execution}`,
		]);
	});

	test('shows the last line of its log', () => {
		const line: Observation = {
			kind: 'log',
			at: now,
			lines: [{at: now, service: execution, stderr: true, text: 'no such file: app.js', matches: []}],
		};
		expect(symptom(`container-crash-loop:${execution}`, [line, ...again(3)])?.evidence).toBe(
			'3 restarts, exit 1, "no such file: app.js"',
		);
	});

	test('not where it has run for a minute, and not over a day', () => {
		expect(ids(again(3), {at: now + 2 * 60 * second})).not.toContain(`container-crash-loop:${execution}`);
		expect(ids(again(5, 100_000))).not.toContain(`container-crash-loop:${execution}`);
	});

	test('offers no restart where it is the server', () => {
		const looped = {...exited, status: 'restarting', exitCode: 1, restarts: 4} as const;
		const [first, ...rest] = symptoms([container1('titan-nats', looped)]);
		expect(first).toMatchObject({id: 'container-crash-loop:titan-nats', advice: /no restart helps/});
		expect(first).not.toHaveProperty('runbook');
		expect(rest.every(({runbook}) => runbook === undefined)).toBe(true);
	});
});

describe('memory and processor of a container', () => {
	const stats = (at: number, changes: Partial<Extract<Observation, {kind: 'stats'}>>): Observation => ({
		kind: 'stats',
		service: execution,
		cpuPercent: 1,
		memoryBytes: 60 * mebibyte,
		memoryLimitBytes: 256 * mebibyte,
		at,
		...changes,
	});

	test('near the limit of its memory', () => {
		const full = (at: number) => [stats(at, {memoryBytes: 240 * mebibyte})];
		expect(lastingIds(3, full)).toEqual([]);
		const found = lasting(looks(6, full));
		expect(found).toMatchObject([{id: `container-memory:${execution}`, evidence: '240.0 of 256.0 MiB'}]);
		expect(lastingIds(6, (at) => [stats(at, {memoryLimitBytes: 0})])).toEqual([]);
	});

	test('at the limit of its processor', () => {
		const limited = container1(execution, {cpuLimit: 0.5});
		const loaded = (at: number) => [
			{kind: 'container', container: container(execution, {cpuLimit: 0.5}), at} as const,
			stats(at, {cpuPercent: 49}),
		];
		expect(limited.kind).toBe('container');
		expect(lasting(looks(11, loaded))).toMatchObject([
			{id: `container-cpu:${execution}`, evidence: '0.49 of 0.50 cores'},
		]);
		expect(lastingIds(11, (at) => [stats(at, {cpuPercent: 400})])).toEqual([]);
	});
});

describe('a published port that is dead', () => {
	const refused = (at: number): Observation[] => [
		health('execution', 'unreachable', at, 'connection refused'),
		down('health:execution', 'connection refused', at),
	];

	test('while the container is healthy inside, once that is proven', () => {
		expect(lastingIds(15, refused)).toEqual(['health-unreachable:execution']);
		expect(lastingIds(23, refused)).toEqual([
			`port-dead:${execution}`,
			`health-unreachable:execution < port-dead:${execution}`,
		]);
	});

	test.each<[string, Partial<ContainerFacts>]>([
		['unhealthy', {health: 'unhealthy'}],
		['without a health check', {health: 'none'}],
		['detached', {networks: []}],
		['stopped', exited],
	])('not where it is %s', (_, changes) => {
		const also = (at: number): Observation[] => [
			...refused(at),
			{kind: 'container', container: container(execution, changes), at},
		];
		expect(lastingIds(25, also)).not.toContain(`port-dead:${execution}`);
	});

	test('of the server is mended by a restart', () => {
		const away = (at: number): Observation[] => [
			disconnected(at, 'connection refused'),
			healthz('unreachable', at, 'connection refused'),
		];
		const found = lasting(looks(23, away));
		expect(found[0]).toMatchObject({id: 'port-dead:titan-nats', runbook: 'restart', severity: 'critical'});
		expect(found.find(({id}) => id === 'nats-unreached')?.cause).toBe('port-dead:titan-nats');
	});
});

describe('the server', () => {
	const withVarz = (changes: Partial<typeof varz>, ms = 0): Observation => ({
		kind: 'varz',
		varz: {...varz, ...changes},
		at: now + ms,
	});

	test('cuts off slow consumers: told for a minute', () => {
		const seen = [withVarz({slowConsumers: 4}), withVarz({slowConsumers: 6}, 3000)];
		expect(symptom('slow-consumers', seen)?.evidence).toBe('2 clients, just now');
		expect(ids(seen, {at: now + 70_000})).not.toContain('slow-consumers');
		// The first figure tells of a life that the console did not see, and so does a server that began anew.
		expect(ids([withVarz({slowConsumers: 4}).kind === 'varz' ? withVarz({}) : withVarz({})])).toEqual([]);
		expect(ids([withVarz({slowConsumers: 9, startedAt: now}, 3000)])).toEqual([]);
	});

	test.each([
		[75, undefined],
		[76, 'warning'],
		[99, 'warning'],
		[100, 'critical'],
	])('has %i of 100 connections: %s', (connections, severity) => {
		expect(symptom('connections', [withVarz({connections, maxConnections: 100})])?.severity).toBe(severity);
	});

	test('has promised more than it has', () => {
		const reserved: Observation = {
			kind: 'jsz',
			jsz: {...jsz, maxStorageBytes: 64 * mebibyte, reservedBytes: 80 * mebibyte},
			at: now,
		};
		expect(symptom('storage-reserved', [reserved])?.evidence).toBe('80.0 of 64.0 MiB reserved');
		expect(account.maxStorageBytes).toBe(-1);
	});

	test.each([
		[50, undefined],
		[9, 'warning'],
		[0.01, 'critical'],
	])('stands on a disk with %d %% free: %s', (percent, severity) => {
		const totalBytes = 100 * 2 ** 30;
		const seen: Observation = {
			kind: 'disk',
			freeBytes: (totalBytes * percent) / 100,
			totalBytes,
			at: now,
		};
		expect(symptom(severity === 'critical' ? 'disk' : 'disk-low', [seen])?.severity).toBe(severity);
	});

	test('a full disk explains what /healthz says', () => {
		const seen: Observation[] = [
			{kind: 'disk', freeBytes: 0, totalBytes: 2 ** 30, at: now},
			healthz('unavailable', now, 'no space left on device'),
		];
		expect(ids(seen)).toEqual(['disk', 'nats-unhealthy < disk']);
	});
});

describe('a consumer that nobody asks', () => {
	const key = 'consumer-idle:TITAN_INTENTS/execution-consumer';
	const idle = (at: number, index: number, changes: object = {}): Observation[] => [
		streams(
			at,
			stream({
				consumers: [consumer({waiting: 0, ackPending: 0, lag: 1 + index * 10, ...changes})],
			}),
		),
	];

	test('is told after some seconds, and explains the lag', () => {
		expect(lastingIds(12, (at, index) => idle(at, index))).toEqual([]);
		expect(lasting(looks(17, (at, index) => idle(at, index)))[0]).toMatchObject({
			id: key,
			severity: 'critical',
			title: 'Nobody pulls from execution-consumer',
			runbook: `service.${execution}`,
		});
	});

	test('not where somebody works on what he has', () => {
		expect(lastingIds(40, (at, index) => idle(at, index, {ackPending: 50}))).not.toContain(key);
		expect(lastingIds(40, (at, index) => idle(at, index, {ackPending: 50, ackWaitMs: 10_000}))).toContain(
			key,
		);
	});

	test('not where that is how it is asked: each fetch after a pause', () => {
		const fetching = (at: number, index: number) =>
			idle(at, index, {lag: 5, deliveredConsumerSeq: Math.floor(index / 12)});
		expect(lastingIds(60, fetching)).toEqual([]);
		// Three times as long as the longest pause, and it is news.
		const stopped = (at: number, index: number) =>
			idle(at, index, {lag: 5, deliveredConsumerSeq: Math.min(3, Math.floor(index / 12))});
		expect(lastingIds(60, stopped)).toEqual([]);
		expect(lastingIds(80, stopped)).toEqual([key]);
	});

	test('not where it is paused, at its limit, or has nothing', () => {
		expect(lastingIds(8, (at, index) => idle(at, index, {paused: true}))).toEqual([
			key.replace('idle', 'paused'),
		]);
		expect(lastingIds(8, (at, index) => idle(at, index, {lag: 0}))).toEqual([]);
	});

	test('nobody listens where it pushes to', () => {
		const pushed = (at: number, index: number) => idle(at, index, {pull: false, pushBound: false});
		expect(lasting(looks(17, pushed))[0]?.title).toBe('Nobody listens to execution-consumer');
		const bound = (at: number, index: number) => idle(at, index, {pull: false, pushBound: true});
		expect(lastingIds(17, bound)).not.toContain(key);
	});

	test('of another one only where somebody used it', () => {
		const unused = (at: number): Observation[] => [
			streams(at, stream({consumers: [consumer(), consumer({name: 'old', waiting: 0, lag: 50})]})),
		];
		expect(lastingIds(8, unused)).toEqual([]);
	});
});

test('a consumer that redelivers again and again', () => {
	const failing = (at: number): Observation[] => [
		streams(at, stream({consumers: [consumer({redelivered: 200, ackPending: 300})]})),
	];
	expect(lastingIds(8, failing)).toEqual([]);
	expect(lasting(looks(12, failing))).toMatchObject([
		{
			id: 'consumer-redelivery:TITAN_INTENTS/execution-consumer',
			evidence: '200 messages given again, 300 unacknowledged',
		},
	]);
});

describe('a service and NATS', () => {
	const placed = (at: number): Observation[] =>
		services.map((service, index) => ({
			kind: 'container',
			container: container(service, {addresses: [`172.18.0.${index + 2}`]}),
			at,
		}));
	const connz = (at: number, byAddress: Record<string, number>): Observation => ({
		kind: 'connz',
		byAddress,
		at,
	});
	const brain = '172.18.0.3';

	test('it says that it is connected, and is not', () => {
		const lies = (at: number, index: number) => [
			...placed(at),
			connz(at, index === 0 ? {[brain]: 1, '172.18.0.4': 1} : {'172.18.0.4': 1}),
		];
		expect(lastingIds(10, lies)).toEqual([]);
		// One that was never seen from its own address comes by another way.
		expect(lastingIds(16, (at) => [...placed(at), connz(at, {'172.18.0.4': 1})])).toEqual([]);
		expect(lasting(looks(16, lies))[0]).toMatchObject({
			id: 'health-disagrees:brain',
			severity: 'critical',
			title: 'titan-brain is not connected to NATS',
			runbook: 'service.titan-brain',
		});
	});

	test('it is not, and reads nothing: one incident', () => {
		const lies = (at: number, index: number): Observation[] => [
			...placed(at),
			connz(at, index === 0 ? {'172.18.0.4': 1} : {}),
			streams(at, stream({consumers: [consumer({waiting: 0, ackPending: 0, lag: 1 + index * 10})]})),
		];
		expect(lastingIds(20, lies)).toEqual([
			'health-disagrees:execution',
			'consumer-idle:TITAN_INTENTS/execution-consumer < health-disagrees:execution',
			'consumer-growing:TITAN_INTENTS/execution-consumer < health-disagrees:execution',
		]);
	});

	test('it says that it is not, and is', () => {
		const lies = (at: number) => [
			...placed(at),
			connz(at, {[brain]: 2, '172.18.0.4': 1}),
			health('brain', 'unhealthy', at, 'nats unhealthy'),
		];
		expect(lastingIds(14, lies)).toEqual([
			'health-disagrees:brain',
			'health-unhealthy:brain < health-disagrees:brain',
		]);
	});

	test('nothing where the connections are old, or go through the host', () => {
		const old = (at: number, index: number) => [
			...placed(at),
			...(index === 0 ? [connz(at, {'172.18.0.4': 1})] : []),
		];
		expect(lastingIds(40, old)).toEqual([]);
		const elsewhere = (at: number): Observation[] => [
			...placed(at),
			{
				kind: 'container',
				container: container('titan-brain', {addresses: ['10.1.0.3'], networks: ['other']}),
				at,
			},
			connz(at, {'172.18.0.4': 1}),
		];
		expect(lastingIds(14, elsewhere)).toEqual([]);
	});

	test('a health endpoint that answers late', () => {
		const late = (at: number): Observation[] => [
			{...(health('brain', 'healthy', at) as Extract<Observation, {kind: 'health'}>), elapsedMs: 1400},
		];
		expect(lastingIds(2, late)).toEqual([]);
		expect(lasting(looks(5, late))).toMatchObject([
			{id: 'health-slow:brain', evidence: '/health after 1.4 s'},
		]);
	});

	test('metrics that are at odds with NATS', () => {
		const stale = (at: number) => [
			streams(at, stream({consumers: [consumer({lag: 900})]})),
			metrics('ok', at, {lagMessages: 4000}),
		];
		expect(lastingIds(10, stale)).toEqual(['metrics-lag:sentinel']);
		expect(lasting(looks(18, stale)).find(({id}) => id === 'metrics-disagree:sentinel')?.evidence).toBe(
			'lag 4,000, NATS says 900',
		);
		const near = (at: number) => [metrics('ok', at, {lagMessages: 900})];
		expect(lastingIds(18, near)).toEqual([]);
	});

	test('a log that nobody can read any more', () => {
		const flood = (at: number, index: number): Observation[] => [
			{
				kind: 'log',
				at,
				lines: [{at, service: 'titan-brain', stderr: false, text: 'again', matches: []}],
				dropped: index < 6 ? 20_000 : 0,
			},
		];
		expect(lasting(looks(6, flood))).toMatchObject([
			{id: 'log-flood:titan-brain', evidence: '20.0k lines/s, "again"'},
		]);
		expect(lastingIds(8, flood)).toEqual([]);
		// The tail that is read first comes at once.
		const tail = (at: number, index: number): Observation[] => (index === 0 ? flood(at, 0) : []);
		expect(lastingIds(4, tail)).toEqual([]);
	});
});

describe('a lesser finding explains no graver one', () => {
	test('nor takes its remedy away', () => {
		const seen: Observation[] = [
			{kind: 'disk', freeBytes: 8 * 2 ** 30, totalBytes: 100 * 2 ** 30, at: now},
			healthz('unavailable', now, "JetStream stream '$G > TITAN_INTENTS' could not be recovered"),
		];
		expect(symptom('nats-unhealthy', seen)).toMatchObject({severity: 'critical', runbook: 'recover'});
		expect(ids(seen)).toEqual(['nats-unhealthy', 'disk-low']);
	});

	test('an end of some minutes ago explains no end of now', () => {
		const again = [
			container1('titan-nats', {...exited, oomKilled: true, finishedAt: now}),
			container1('titan-nats', {startedAt: now + 300}, 400),
			disconnected(now + 60_000),
			healthz('unreachable', now + 60_000),
		];
		const found = symptom('nats-unreached', again);
		expect(found).toMatchObject({severity: 'critical'});
		expect(found).not.toHaveProperty('cause');
	});
});

describe('what stands still or is closed', () => {
	const moving = (at: number, index: number, changes: Partial<Parameters<typeof metrics>[2]> = {}) => [
		streams(
			at,
			stream({
				lastSeq: 5000 + index * 10,
				messages: 5000 + index * 10,
				bytes: 5 * mebibyte + index * 1000,
				consumers: undefined,
			}),
		),
		metrics('ok', at, changes),
	];
	// Without what `wellAt` says of the stream: it would go back each second.
	const watched = (seconds: number, of: typeof moving) =>
		lasting(
			Array.from({length: seconds}, (_, index) => {
				const at = now + index * second;
				return [...wellAt(at).filter(({kind}) => kind !== 'streams' && kind !== 'metrics'), ...of(at, index)];
			}),
		).map(({id}) => id);

	test('metrics, while the stream moves on', () => {
		expect(watched(30, moving)).toEqual([]);
		expect(watched(60, moving)).toEqual(['metrics-stale:sentinel']);
	});

	test('not where they move, or where nothing does', () => {
		const fresh = (at: number, index: number) =>
			moving(at, index, {storageBytes: 5 * mebibyte + Math.floor(index / 10)});
		expect(watched(80, fresh)).toEqual([]);
		expect(lastingIds(80, () => [])).toEqual([]);
	});

	test('a sealed stream, where it is the one of the runbooks', () => {
		const seen = [streams(now, stream({sealed: true}), stream({name: 'ARCHIVE', sealed: true}))];
		expect(ids(seen)).toEqual(['stream-sealed:TITAN_INTENTS']);
		expect(symptom('stream-sealed:TITAN_INTENTS', seen)?.evidence).toBe(
			'publishers are refused, it keeps its 5,000 messages',
		);
	});

	test('a monitoring port whose server answers', () => {
		const closed = (at: number) => [
			healthz('unreachable', at, 'connection refused'),
			down('monitor', 'refused', at),
		];
		const isOther = (seen: Observation): boolean =>
			seen.kind !== 'healthz' && !(seen.kind === 'source' && seen.source === 'monitor');
		const found = lasting(
			Array.from({length: 23}, (_, index) => {
				const at = now + index * second;
				return [...wellAt(at).filter(isOther), ...closed(at)];
			}),
		);
		expect(found[0]).toMatchObject({
			id: 'port-dead:titan-nats',
			severity: 'warning',
			title: 'titan-nats is not reached at its monitoring port',
		});
		expect(found[0]).not.toHaveProperty('runbook');
		expect(found.find(({id}) => id === 'source-unknown:monitor')?.cause).toBe('port-dead:titan-nats');
	});

	test('a stream at its limit of messages drops what a consumer has not seen', () => {
		const dropping = stream({
			discard: 'old',
			maxMessages: 200,
			messages: 200,
			firstSeq: 4801,
			consumers: [consumer({lag: 150, ackFloorStreamSeq: 4000})],
		});
		expect(symptom('stream-full:TITAN_INTENTS', [streams(now, dropping)])).toMatchObject({
			severity: 'critical',
			evidence: '200 of 200 messages, execution-consumer loses what it has not acknowledged',
		});
	});
});

describe('an end that is over before it can be read', () => {
	const ended = (changes: Partial<Extract<Observation, {kind: 'ended'}>>, ms = 0): Observation => ({
		kind: 'ended',
		service: execution,
		at: now + ms,
		...changes,
	});
	const again = container1(execution, {startedAt: now + 300, restarts: 1}, 400);

	test('has its code from the engine', () => {
		expect(symptom(`container-restarted:${execution}`, [ended({exitCode: 3}), again])?.evidence).toBe(
			'just now, exit 3',
		);
	});

	test('was out of memory where the kernel had killed right before it', () => {
		const seen = [ended({oom: true}), ended({exitCode: 137}, 50), again];
		expect(symptom(`container-oom:${execution}`, seen)).toMatchObject({
			severity: 'warning',
			title: `${execution} was killed: out of memory`,
		});
		expect(ids(seen)).toEqual([
			`container-oom:${execution}`,
			`container-restarted:${execution} < container-oom:${execution}`,
		]);
	});

	test('was none where only a process in it was killed', () => {
		expect(symptom(`container-oom:${execution}`, [ended({oom: true})])?.title).toBe(
			`A process of ${execution} was killed: out of memory`,
		);
	});

	test('of a service that is not known changes nothing', () => {
		expect(ids([ended({service: 'constructor', exitCode: 1})])).toEqual([]);
	});
});
