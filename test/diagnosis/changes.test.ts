import {describe, expect, test} from 'vitest';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Advisory, Observation, StreamFacts} from '../../source/state/observation.ts';
import type {StreamState} from '../../source/state/types.ts';
import {
	config,
	consumer,
	consumerGone,
	mebibyte,
	named,
	now,
	observe,
	run,
	server,
	stream,
	streams,
	url,
	well,
} from '../state/fixture.ts';
import {ids, lasting, symptom} from './fixture.ts';

const name = 'TITAN_INTENTS';
const second = 1000;
const look = (seconds: number, changes: Partial<StreamFacts> = {}): Observation =>
	streams(now + seconds * second, stream({consumers: undefined, ...changes}));
const seen = (changes: Partial<StreamFacts>, seconds = 1): Observation[] => [look(seconds, changes)];
/** Ten messages a second for some seconds, each of `bytes`. */
const busy = (seconds: number, bytes = 0, from = 1): Observation[] =>
	Array.from({length: seconds}, (_, index) =>
		look(from + index, {
			lastSeq: 5000 + (from + index) * 10,
			messages: 5000 + (from + index) * 10,
			bytes: 5 * mebibyte + (from + index) * bytes,
			discard: 'new',
		}),
	);

describe('messages that went by no limit of the stream', () => {
	const purged = {messages: 1000, firstSeq: 4001};

	test('are told, with how many', () => {
		expect(symptom(`stream-removed:${name}`, seen(purged))).toMatchObject({
			severity: 'warning',
			title: `4,000 messages of ${name} are gone`,
			evidence: 'just now, no limit of it and no run known here explains that: purged, or lost',
		});
	});

	test('are added up, and told for ten minutes', () => {
		const twice = [...seen(purged), ...seen({messages: 500, firstSeq: 4501}, 2)];
		expect(symptom(`stream-removed:${name}`, twice)?.title).toBe(`4,500 messages of ${name} are gone`);
		expect(ids(twice, {at: now + 9 * 60 * second})).toContain(`stream-removed:${name}`);
		expect(ids(twice, {at: now + 11 * 60 * second})).not.toContain(`stream-removed:${name}`);
	});

	test.each<[string, Partial<StreamFacts>]>([
		['of interest', {retention: 'interest'}],
		['of a work queue', {retention: 'workqueue'}],
		['by subject', {maxMessagesPerSubject: 1}],
		['with an end of their own', {messageTtl: true}],
		['by the limit of messages', {discard: 'old', maxMessages: 1000}],
		['by the limit of bytes', {discard: 'old', maxBytes: 5 * mebibyte}],
		['by age', {maxAgeMs: 60_000, firstAt: now + second - 59_000}],
		['of an origin', {upstreams: [{kind: 'mirror', name: 'ORDERS', lag: 0, activeMs: 100}]}],
		['by age, all of them', {maxAgeMs: 60_000, messages: 0, firstSeq: 5001, lastAt: now - 120_000}],
		['by a limit that was lowered', {discard: 'new', maxBytes: 5 * mebibyte}],
	])('are no finding where they go %s', (_, changes) => {
		const before = look(0, {...changes, messages: 5000, firstSeq: 1, maxBytes: 64 * mebibyte});
		const after = look(1, {...purged, ...changes});
		expect(ids([before, after])).not.toContain(`stream-removed:${name}`);
	});

	test('are one where messages go that are too young for that', () => {
		const aged = {maxAgeMs: 3_600_000, firstAt: now - 60_000};
		expect(ids([look(0, aged), look(1, {...aged, ...purged})])).toContain(`stream-removed:${name}`);
	});

	test('are none where a burst was at its end, however young what is left is', () => {
		const hourly = {maxAgeMs: 7_200_000, firstAt: now - 7_200_000};
		const seen = [look(0, hourly), look(1, {...hourly, ...purged, firstAt: now - 3_600_000})];
		expect(ids(seen)).not.toContain(`stream-removed:${name}`);
	});

	test('are none where a run went on between two looks that are far apart', () => {
		const ended: Observation = {
			kind: 'run',
			run: run({
				startedAt: now + 60_000,
				at: now + 90_000,
				endedAt: now + 90_000,
				alive: false,
				result: 'verified',
			}),
			at: now + 90_000,
		};
		expect(ids([look(0), ended, look(300, purged)])).not.toContain(`stream-removed:${name}`);
		// Another run later does not bring it up again.
		const later: Observation = {
			kind: 'run',
			run: run({id: 'run-2', startedAt: now + 400_000, at: now + 400_000}),
			at: now + 400_000,
		};
		expect(ids([look(0), ended, look(300, purged), later])).not.toContain(`stream-removed:${name}`);
		expect(ids([look(200), ended, look(300, purged)])).toContain(`stream-removed:${name}`);
	});

	test('are none where the limit that dropped them was raised since', () => {
		const dropping = {discard: 'old' as const, maxMessages: 200, messages: 200, firstSeq: 4801};
		const raised = {discard: 'old' as const, maxMessages: -1, messages: 204, firstSeq: 4810, lastSeq: 5013};
		expect(ids([look(0, dropping), look(1, raised)])).not.toContain(`stream-removed:${name}`);
	});

	test.each<[string, Partial<StreamFacts>, Partial<StreamFacts>]>([
		['of messages', {maxMessages: 6000}, {maxMessages: 20_000}],
		['of messages, taken off', {maxMessages: 6000}, {maxMessages: -1}],
		['of bytes', {maxBytes: 6 * mebibyte}, {maxBytes: 20 * mebibyte}],
		['of messages of a subject', {maxMessagesPerSubject: 5}, {maxMessagesPerSubject: -1}],
		['of age', {maxAgeMs: 7_000_000, firstAt: now - 7_200_000}, {maxAgeMs: 90_000_000}],
		['and turned to refuse new ones', {maxMessages: 6000}, {maxMessages: 6000, discard: 'new'}],
	])('are none where the limit %s was reached since the last look and then raised', (_, before, after) => {
		// The console was closed while 3,130 came: the limit removed the oldest until somebody raised it.
		const first = look(0, {discard: 'old', maxBytes: -1, ...before});
		const grown = {messages: 6000, firstSeq: 2131, lastSeq: 8130, bytes: 6 * mebibyte};
		const second = look(3600, {discard: 'old', maxBytes: -1, ...grown, ...after});
		expect(ids([first, second])).not.toContain(`stream-removed:${name}`);
		// Without a change of the limit, and below it, they are gone.
		const unlimited = {discard: 'old' as const, maxBytes: -1, ...grown};
		expect(ids([look(0, unlimited), look(3600, {...unlimited, messages: 4000})])).toContain(
			`stream-removed:${name}`,
		);
	});

	test('are none where a limit that was lowered is raised again before the next look', () => {
		const updated: Observation = {
			kind: 'advisory',
			advisory: {kind: 'stream-updated', stream: name},
			at: now + 500,
		};
		expect(ids([look(0), updated, look(1, purged)])).not.toContain(`stream-removed:${name}`);
		// A change before the last look explains nothing that went after it.
		expect(ids([updated, look(1), look(2, purged)])).toContain(`stream-removed:${name}`);
	});

	test('are none of another stream that has the name now', () => {
		const other = {...purged, created: now, lastSeq: 9000};
		expect(ids(seen(other))).toEqual([`stream-began:${name}`]);
		expect(symptom(`stream-began:${name}`, seen(other))).toMatchObject({
			title: `${name} was deleted and created again`,
			evidence: 'its last sequence changed from 5,000 to 9,000, just now, and it has another creation time',
		});
		expect(ids([...seen(other), look(2, {...other, messages: 1001, lastSeq: 9001})])).toEqual([
			`stream-began:${name}`,
		]);
	});

	test('are none where a run purged', () => {
		const purging: Observation = {kind: 'run', run: run({startedAt: now, at: now}), at: now};
		expect(ids([purging, ...seen(purged)])).not.toContain(`stream-removed:${name}`);
	});

	test('between the first and the last are gaps', () => {
		const damaged = {messages: 4760, numDeleted: 240};
		expect(symptom(`stream-gaps:${name}`, seen(damaged))?.evidence).toBe(
			'240 messages between the first and the last are gone, just now',
		);
		expect(ids(seen(damaged))).not.toContain(`stream-removed:${name}`);
		expect(ids(seen({...damaged, maxMessagesPerSubject: 5}))).toEqual([]);
	});
});

describe('sequences that went back', () => {
	const anew = {messages: 3, firstSeq: 1, lastSeq: 3};

	test('are told with both', () => {
		expect(symptom(`stream-began:${name}`, seen(anew))).toMatchObject({
			severity: 'warning',
			evidence: 'from 5,000 to 3, just now: created again, or its files were lost',
		});
	});

	test('follow from a consumer that is ahead now, which has its runbook', () => {
		const ahead = (seconds: number) =>
			streams(now + seconds * second, stream({...anew, consumers: [consumer({ackFloorStreamSeq: 4997})]}));
		expect(ids([ahead(1), ahead(2)])).toEqual([
			`consumer-ahead:${name}/execution-consumer`,
			`stream-began:${name} < consumer-ahead:${name}/execution-consumer`,
		]);
	});

	test('are none where they come back: a leader that had not applied all', () => {
		expect(ids([...seen(anew), look(2, {lastSeq: 5000})])).not.toContain(`stream-began:${name}`);
	});

	test('are none where a run made the stream anew', () => {
		const going: Observation = {kind: 'run', run: run({startedAt: now, at: now}), at: now};
		expect(ids([going, ...seen(anew)])).toEqual([]);
	});
});

describe('what was known when the console last ran', () => {
	const remembered = (changes: Partial<StreamState>): Observation => ({
		kind: 'memory',
		at: now,
		streams: [{...well().streams[name]!, present: false, remembered: true, at: now - 7_200_000, ...changes}],
	});

	test('a stream that is gone since then', () => {
		const found = symptom('stream-vanished:ORDERS', [remembered({name: 'ORDERS', messages: 12})]);
		expect(found).toMatchObject({
			title: 'ORDERS is gone',
			evidence: 'last seen 2h 00m ago, with 12 messages',
		});
	});

	test('a durable consumer that is gone since then', () => {
		const audit = {...consumer({name: 'audit'}), at: now - 60_000, present: false, floorMovedAt: 0};
		const before = observe(
			{...well(), streams: {}},
			remembered({consumers: {audit}}),
			streams(now, stream()),
		);
		expect(before.streams[name]?.consumers['audit']?.present).toBe(false);
	});

	describe('of another server', () => {
		const hello = (serverId: string, cluster?: string): Observation => ({
			kind: 'connection',
			status: 'connected',
			url,
			server: {...server, id: serverId, ...(cluster !== undefined && {cluster})},
			at: now,
		});
		const fresh = () => ({...well(), streams: {}, streamsAt: undefined});
		const [older, newer] = [now - 9_000_000, now - 1_000_000];
		const looks = (known: Partial<StreamState>[], hi: Observation, created = newer) => {
			const memory: Observation = {
				kind: 'memory',
				at: now,
				streams: known.map((one) => ({
					...well().streams[name]!,
					present: false,
					remembered: true,
					at: now - 7_200_000,
					...one,
				})),
			};
			const began = {created, messages: 3, firstSeq: 1, lastSeq: 3, consumers: undefined};
			const after = observe(fresh(), memory, hi, streams(now + 1, stream(began)));
			// The consumers were not read here, which is a finding of its own.
			return diagnose(after, config, now + 1)
				.map(({id}) => id)
				.filter((id) => !id.startsWith('unread:'));
		};
		const both = [
			{created: older, readFrom: 'NA'},
			{name: 'ORDERS', created: older, readFrom: 'NA'},
		];

		test('is not used and no news', () => {
			expect(looks(both, hello('NB'))).toEqual([]);
		});

		test('is used where the server is the same, by its id or its cluster', () => {
			const news = [`stream-began:${name}`, 'stream-vanished:ORDERS'];
			expect(looks(both, hello('NA')).sort()).toEqual(news);
			const clustered = both.map((one) => ({...one, readFrom: 'cluster prod'}));
			expect(looks(clustered, hello('NB', 'prod')).sort()).toEqual(news);
			expect(looks(clustered, hello('NB', 'staging'))).toEqual([]);
		});

		test('is used where one of its streams is still there: a server has another id after a restart', () => {
			const [, orders] = both;
			expect(looks([{created: newer, readFrom: 'NA'}, orders!], hello('NB')).sort()).toEqual([
				`stream-began:${name}`,
				'stream-vanished:ORDERS',
			]);
		});
	});

	test('outweighs nothing that was seen now', () => {
		const before = well();
		expect(observe(before, remembered({lastSeq: 1})).streams).toBe(before.streams);
	});

	test('sequences that went back meanwhile', () => {
		const state = observe(
			{...well(), streams: {}},
			remembered({lastSeq: 9000}),
			streams(now, stream({consumers: undefined})),
		);
		expect(state.streams[name]?.began).toEqual({at: now, from: 9000, to: 5000});
	});
});

describe('advisories', () => {
	const told = (advisory: Advisory, seconds = 0): Observation => ({
		kind: 'advisory',
		advisory,
		at: now + seconds * second,
	});

	test('say who deleted the stream of the runbooks', () => {
		const seen = [
			told({kind: 'stream-deleted', stream: name}),
			streams(now + second),
			named('missing', now + second),
		];
		expect(symptom(`stream-missing:${name}`, seen)?.evidence).toMatch(/^deleted by an API call 1 s ago/);
	});

	test('say that the watched consumer was deleted, and forget it when it was made anew', () => {
		const of = {stream: name, consumer: 'execution-consumer'};
		const gone = streams(now + second, stream({consumers: []}));
		const deleted = [told({kind: 'consumer-deleted', ...of}), gone, consumerGone(now + second)];
		expect(symptom(`consumer-missing:${name}/execution-consumer`, deleted)?.evidence).toBe(
			'deleted by an API call 1 s ago, it had acknowledged up to 4,997',
		);
		expect(
			observe(well(), ...deleted, told({kind: 'consumer-created', ...of}, 2)).streams[name]?.consumers[
				'execution-consumer'
			]?.deletedAt,
		).toBeUndefined();
	});

	test('one deleted on purpose is told for ten minutes', () => {
		const seen = [
			streams(now, stream(), stream({name: 'ORDERS'})),
			told({kind: 'stream-deleted', stream: 'ORDERS'}),
			streams(now + second, stream()),
		];
		expect(symptom('stream-vanished:ORDERS', seen)?.evidence).toMatch(/^deleted by an API call/);
		expect(ids(seen, {at: now + 11 * 60 * second})).not.toContain('stream-vanished:ORDERS');
	});

	test('count the messages that are given up', () => {
		const of = {kind: 'max-deliveries', stream: name, consumer: 'execution-consumer'} as const;
		const seen = [told(of), told(of, 1), told(of, 2)];
		expect(symptom(`consumer-max-deliveries:${name}/execution-consumer`, seen)).toMatchObject({
			severity: 'warning',
			evidence: '3 messages at max_deliver, the last just now',
		});
	});

	test('of what is not known change nothing', () => {
		const before = well();
		const after = observe(
			before,
			told({kind: 'stream-deleted', stream: 'constructor'}),
			told({kind: 'max-deliveries', stream: name, consumer: '__proto__'}),
		);
		expect(after.streams).toBe(before.streams);
	});
});

describe('a stream that fills', () => {
	const step = 100_000;

	test('says when it is full, once the rise has lasted', () => {
		expect(ids(busy(20, step))).not.toContain(`stream-filling:${name}`);
		const found = symptom(`stream-filling:${name}`, busy(40, step));
		expect(found?.title).toMatch(/^TITAN_INTENTS is full in \d+ m at this rate$/);
		expect(found).toMatchObject({severity: 'warning', runbook: 'purge'});
		expect(found?.evidence).toMatch(/^8\.8 of 64\.0 MiB, \d+ KiB\/s$/);
	});

	test('not where that is long off, and not where it has fallen since', () => {
		expect(ids(busy(40, 1000))).not.toContain(`stream-filling:${name}`);
		const fallen = [
			...busy(40, step),
			...Array.from({length: 60}, (_, index) => look(41 + index, {lastSeq: 5400, messages: 5400})),
		];
		expect(ids(fallen)).not.toContain(`stream-filling:${name}`);
	});
});

describe('a busy stream that falls silent', () => {
	const silent = (from: number, to: number): Observation[] =>
		Array.from({length: to - from}, (_, index) =>
			look(from + index, {lastSeq: 5000 + (from - 1) * 10, messages: 5000 + (from - 1) * 10}),
		);

	test('is told after the configured time', () => {
		expect(ids([...busy(90), ...silent(91, 115)])).not.toContain(`stream-silent:${name}`);
		const found = symptom(`stream-silent:${name}`, [...busy(90), ...silent(91, 125)]);
		expect(found?.title).toBe('Nothing is published to TITAN_INTENTS');
		expect(found?.evidence).toMatch(/^for 34 s, usual is \d/);
	});

	test('not before it is known what is usual', () => {
		expect(ids([...busy(30), ...silent(31, 90)])).not.toContain(`stream-silent:${name}`);
	});

	test('not where such pauses are usual', () => {
		const bursts = [...busy(20), ...silent(21, 45), ...busy(70, 0, 46)];
		expect(ids([...bursts, ...silent(116, 176)])).not.toContain(`stream-silent:${name}`);
	});

	test('follows from a container that is down', () => {
		const down: Observation = {
			kind: 'container',
			container: {
				...well().services['titan-brain']!,
				status: 'exited',
				health: 'none',
				exitCode: 1,
			},
			at: now + 91 * second,
		};
		expect(ids([...busy(90), down, ...silent(91, 125)])).toContain(
			`stream-silent:${name} < container-down:titan-brain`,
		);
	});
});

describe('limits in the metadata', () => {
	const of = (metadata: Record<string, string>, changes: Partial<StreamFacts> = {}) =>
		symptom(`stream-threshold:${name}`, [streams(now, stream({metadata, ...changes}))]);
	const key = (what: string) => `io.nats.monitor.${what}`;

	test('too many messages', () => {
		expect(of({[key('msgs-warn')]: '4000', [key('msgs-critical')]: '9000'})).toMatchObject({
			severity: 'warning',
			evidence: '5,000 messages, its limit is 4,000 (metadata)',
		});
		expect(of({[key('msgs-critical')]: '5000'})?.severity).toBe('critical');
		expect(of({[key('msgs-critical')]: '5001'})).toBeUndefined();
	});

	test('too few, where the warning is the larger one', () => {
		expect(of({[key('msgs-warn')]: '9000', [key('msgs-critical')]: '5000'})).toMatchObject({
			severity: 'critical',
			title: `${name} holds too few messages`,
		});
	});

	test.each([['no number'], ['0'], ['-3'], ['']])('nothing by %j', (value) => {
		expect(of({[key('msgs-critical')]: value})).toBeUndefined();
	});

	test('nothing where they are turned off', () => {
		expect(of({[key('enabled')]: 'false', [key('msgs-critical')]: '1'})).toBeUndefined();
	});

	test('of a consumer', () => {
		const metadata = {
			[key('outstanding-ack-critical')]: '3',
			[key('redelivery-critical')]: '50',
			[key('last-ack-critical')]: '1m',
		};
		const found = symptom(`consumer-threshold:${name}/execution-consumer`, [
			streams(now, stream({consumers: [consumer({metadata, lastAckAt: now - 90_000})]})),
		]);
		expect(found?.evidence).toBe('3 of 3 unacknowledged, 90 s of 60 s since the last acknowledgement');
	});

	test('of the lag take the place of the thresholds', () => {
		const lagging = (lag: number, limit: string) =>
			ids([
				streams(
					now,
					stream({consumers: [consumer({lag, metadata: {[key('unprocessed-critical')]: limit}})]}),
				),
			]);
		expect(lagging(50, '50')).toEqual([`consumer-lag:${name}/execution-consumer`]);
		expect(lagging(50_000, '60000')).toEqual([]);
	});
});

describe('a mirror or a source', () => {
	const upstream = (changes: Partial<StreamFacts['upstreams'][number]>, metadata = {}): Observation[][] =>
		Array.from({length: 18}, (_, index) => [
			look(index, {
				metadata,
				upstreams: [{kind: 'mirror', name: 'ORDERS', lag: 0, activeMs: 500, ...changes}],
			}),
		]);
	const found = (...parameters: Parameters<typeof upstream>) =>
		lasting(upstream(...parameters)).find(({id}) => id === `upstream:${name}/ORDERS`);

	test('is behind', () => {
		expect(found({lag: 4000})).toMatchObject({
			severity: 'critical',
			title: `The mirror ${name} is behind ORDERS`,
			evidence: '4,000 behind',
		});
		expect(found({activeMs: 40_000})?.evidence).toBe('last heard of 40 s ago');
		expect(found({activeMs: undefined})?.evidence).toBe('never heard of');
		expect(found({error: 'stream not found'})?.evidence).toBe('stream not found');
		expect(found({})).toBeUndefined();
	});

	test('by the limits of its metadata', () => {
		expect(found({lag: 10}, {'io.nats.monitor.lag-critical': '10'})?.evidence).toBe('10 behind');
		expect(found({activeMs: 2000}, {'io.nats.monitor.seen-critical': '1.5s'})?.evidence).toBe(
			'last heard of 2 s ago',
		);
	});

	test('not at once: one that was made just now has not been heard of yet', () => {
		expect(lasting(upstream({activeMs: undefined}).slice(0, 12))).toEqual([]);
	});
});
