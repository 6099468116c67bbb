import {describe, expect, test} from 'vitest';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Observation, StreamFacts} from '../../source/state/observation.ts';
import {
	account,
	config,
	connected,
	consumer,
	disconnected,
	healthz,
	jsz,
	mebibyte,
	metrics,
	named,
	now,
	observe,
	start,
	stream,
	streams,
} from '../state/fixture.ts';
import {ids, symptom} from './fixture.ts';

const of = (changes: Partial<StreamFacts>): Observation[] => [streams(now, stream(changes))];
const limit = 64 * mebibyte;
/** A consumer that has yet to acknowledge the oldest message. */
const behind = {discard: 'old', consumers: [consumer({lag: 4000, ackFloorStreamSeq: 0})]} as const;

describe('stream-full', () => {
	test.each([
		['99 per cent', {bytes: Math.ceil(limit * 0.99)}],
		['over its limit', {bytes: limit + 1}],
		['messages', {maxMessages: 5000}],
	] as [string, Partial<StreamFacts>][])('publishers are refused: %s', (_, changes) => {
		const found = symptom('stream-full:TITAN_INTENTS', of(changes));
		expect(found).toMatchObject({severity: 'critical', title: 'TITAN_INTENTS is full', runbook: 'purge'});
		expect(found?.evidence).toMatch(/, publishers are refused$/);
		expect(ids(of(changes))).toEqual(['stream-full:TITAN_INTENTS']);
	});

	test('one more message does not fit', () => {
		const large = {bytes: 63 * mebibyte, messages: 50};
		expect(symptom('stream-full:TITAN_INTENTS', of(large))?.severity).toBe('critical');
		expect(ids(of({...large, ...behind, consumers: [...behind.consumers]}))).toContain(
			'storage:TITAN_INTENTS',
		);
		expect(ids(of({...large, messages: 5000}))).toEqual(['storage:TITAN_INTENTS']);
	});

	test("the runbook's stream comes first", () => {
		const both = [
			stream({name: 'OTHER', bytes: limit}),
			stream({bytes: limit}),
			stream({name: 'MORE', bytes: limit}),
		];
		expect(ids([streams(now, ...both)])).toEqual([
			'stream-full:TITAN_INTENTS',
			'stream-full:OTHER',
			'stream-full:MORE',
		]);
	});

	test('says the figures', () => {
		expect(symptom('stream-full:TITAN_INTENTS', of({bytes: limit}))?.evidence).toBe(
			'64.0 of 64.0 MiB, publishers are refused',
		);
		expect(symptom('stream-full:TITAN_INTENTS', of({maxMessages: 5000}))?.evidence).toBe(
			'5,000 of 5,000 messages, publishers are refused',
		);
	});

	test('says who loses messages where old ones make room; of another consumer than the watched one it is a warning', () => {
		const full = of({bytes: limit, ...behind, consumers: [...behind.consumers]});
		expect(symptom('stream-full:TITAN_INTENTS', full)).toMatchObject({
			severity: 'critical',
			evidence: '64.0 of 64.0 MiB, execution-consumer loses what it has not acknowledged',
		});
		const others = ['a', 'b'].map((name) => ({...behind.consumers[0]!, name}));
		expect(
			symptom('stream-full:TITAN_INTENTS', of({bytes: limit, ...behind, consumers: [consumer(), ...others]})),
		).toMatchObject({
			severity: 'warning',
			evidence: '64.0 of 64.0 MiB, a and 1 other lose what they have not acknowledged',
		});
		expect(ids(of({maxMessages: 5000, discard: 'old'}))).toEqual([]);
	});

	test('is nothing where it gives up by design what every consumer has acknowledged', () => {
		expect(ids(of({bytes: limit, discard: 'old'}))).toEqual([]);
		expect(ids(of({bytes: Math.ceil(limit * 0.95), discard: 'old'}))).toEqual([]);
		expect(ids(of({bytes: limit, discard: 'old', consumers: []}))).not.toContain('stream-full:TITAN_INTENTS');
	});

	test.each<[string, Partial<StreamFacts>, string]>([
		['sealed', {sealed: true}, 'raise the limit of TITAN_INTENTS: it is sealed'],
		['deny_purge', {denyPurge: true}, 'raise the limit of TITAN_INTENTS: it is denied to purge'],
		[
			'nothing to purge',
			{messages: 1000},
			'raise the limit of TITAN_INTENTS: a purge keeps 1000, all that it has',
		],
		['another stream', {name: 'OTHER'}, 'purge OTHER'],
	])('offers no purge that does not help: %s', (_, changes, advice) => {
		const seen = [streams(now, stream(), stream({bytes: limit, ...changes}))];
		const found = symptom(`stream-full:${changes.name ?? 'TITAN_INTENTS'}`, seen);
		expect(found?.advice).toBe(advice);
		expect(found).not.toHaveProperty('runbook');
	});

	test.each([
		['without a limit', {bytes: limit * 100, maxBytes: -1, maxMessages: -1}],
		['with a limit of 0', {maxBytes: 0, maxMessages: 0}],
		['without a figure', {bytes: Number.NaN}],
		['empty', {bytes: 0, messages: 0}],
	])('not %s', (_, changes) => expect(ids(of(changes))).toEqual([]));
});

describe('storage', () => {
	const percent = (value: number): number => Math.ceil((limit * value) / 100);

	test.each([
		[75.9, undefined],
		[76, 'warning'],
		[90.9, 'warning'],
		[91, 'critical'],
		[98, 'critical'],
	])('at %s per cent: %s', (value, severity) => {
		expect(symptom('storage:TITAN_INTENTS', of({bytes: percent(value)}))?.severity).toBe(severity);
	});

	test('says the figures and offers the purge', () => {
		expect(symptom('storage:TITAN_INTENTS', of({bytes: percent(80)}))).toMatchObject({
			title: 'TITAN_INTENTS is nearly full',
			evidence: '51.2 of 64.0 MiB, publishers are refused at the limit',
			runbook: 'purge',
		});
	});

	test('is a warning where old messages make room', () => {
		expect(
			symptom('storage:TITAN_INTENTS', of({bytes: percent(95), ...behind, consumers: [...behind.consumers]}))
				?.severity,
		).toBe('warning');
	});

	test('of the account, of the server, and of memory', () => {
		const ofAccount: Observation = {
			kind: 'account',
			account: {...account, maxStorageBytes: 6 * mebibyte},
			at: now,
		};
		const ofServer: Observation = {kind: 'jsz', jsz: {...jsz, storageBytes: 1024 * mebibyte}, at: now};
		const ofMemory: Observation = {kind: 'jsz', jsz: {...jsz, memoryBytes: 800 * mebibyte}, at: now};
		expect(symptom('storage:$account', [ofAccount])).toMatchObject({
			severity: 'warning',
			title: 'The account is nearly out of JetStream storage',
			runbook: 'purge',
		});
		const server = symptom('storage:$server', [ofServer]);
		expect(server).toMatchObject({
			severity: 'critical',
			title: 'titan-nats is out of JetStream storage',
			evidence: '1.0 of 1.0 GiB, publishers are refused',
			advice: 'purge what is not needed, or raise the limit',
		});
		expect(server).not.toHaveProperty('runbook');
		expect(symptom('storage:$server-memory', [ofMemory])?.title).toBe(
			'titan-nats is nearly out of JetStream memory',
		);
	});
});

describe('stream-missing', () => {
	test('where the server answers without it', () => {
		expect(
			symptom('stream-missing:TITAN_INTENTS', [streams(now), named('missing', now)], {at: now + 12_000}),
		).toMatchObject({
			severity: 'critical',
			title: 'TITAN_INTENTS is missing',
			evidence: 'titan-nats does not know it (10059), last seen with 5,000 messages, for 12 s',
			runbook: 'recover',
		});
		const first = observe(start(now), connected(now), streams(now), named('missing', now));
		expect(diagnose(first, config, now).map(({id}) => id)).toEqual(['stream-missing:TITAN_INTENTS']);
	});

	const saw = (saved: Record<string, string[]>, ...names: string[]) =>
		observe(
			start(now),
			connected(now),
			named('missing', now),
			{kind: 'memory', streams: [], saved, at: now},
			streams(now, ...names.map((name) => stream({name}))),
		);
	const found = (saved: Record<string, string[]>, ...names: string[]) =>
		diagnose(saw(saved, ...names), config, now).find(({id}) => id === 'stream-missing:TITAN_INTENTS');

	test('says what was meant by a name that nobody ever saw, and offers no recovery, which would refuse', () => {
		const mistyped = found({}, 'ORDERS', 'TITAN_INTENT');
		expect(mistyped).toMatchObject({
			severity: 'critical',
			evidence: 'titan-nats does not know it (10059), did you mean TITAN_INTENT?',
			advice: 'correct stream in the configuration, or use --stream=TITAN_INTENT',
		});
		expect(mistyped).not.toHaveProperty('runbook');
		expect(found({}, 'titan_intents')?.evidence).toMatch(/did you mean titan_intents\?$/);
	});

	test('offers a recovery to a stream whose configuration was saved, whatever the names of others', () => {
		const known = found({TITAN_INTENTS: []}, 'TITAN_INTENT');
		expect(known).toMatchObject({runbook: 'recover'});
		expect(known?.evidence).not.toContain('did you mean');
		expect(
			symptom('stream-missing:TITAN_INTENTS', [
				streams(now, stream({name: 'TITAN_INTENT'})),
				named('missing', now),
			]),
		).toMatchObject({
			runbook: 'recover',
		});
	});

	test('offers none to a stream that nobody ever saw, without a near name either', () => {
		expect(found({}, 'ORDERS')).toMatchObject({advice: expect.stringMatching(/^check stream in the/)});
		expect(found({}, 'ORDERS')).not.toHaveProperty('runbook');
	});

	test('not by a list that lacks it, nor by an answer that could not be read', () => {
		expect(ids([streams(now)])).toEqual([]);
		const unread = [
			streams(now),
			named('unread', now, {error: 'STREAM.INFO.TITAN_INTENTS: no answer in time'}),
		];
		expect(ids(unread)).toEqual(['unread:stream/TITAN_INTENTS']);
		expect(symptom('unread:stream/TITAN_INTENTS', unread)).toMatchObject({
			severity: 'unknown',
			title: 'TITAN_INTENTS is unknown',
			evidence: 'STREAM.INFO.TITAN_INTENTS: no answer in time',
		});
	});

	test('not before the streams were listed by this server', () => {
		expect(diagnose(observe(start(now), connected(now)), config, now)).toEqual([]);
		expect(
			ids([
				streams(now),
				named('missing', now),
				disconnected(now),
				healthz('ok', now + 1),
				connected(now + 1),
			]),
		).toEqual([]);
	});

	test('not where NATS does not answer', () => {
		expect(ids([streams(now), named('missing', now), disconnected(now + 1)])).toEqual(['nats-unreached']);
	});

	test('is explained by a server that could not recover it', () => {
		const seen = [
			streams(now),
			named('missing', now),
			healthz('unavailable', now, "stream '$G > TITAN_INTENTS' could not be recovered"),
		];
		expect(ids(seen)).toEqual(['nats-unhealthy', 'stream-missing:TITAN_INTENTS < nats-unhealthy']);
		expect(symptom('nats-unhealthy', seen)?.runbook).toBe('recover');
	});
});

describe('metrics-storage', () => {
	const reported = (storageBytes: number): Observation => metrics('ok', now, {storageBytes});

	test('near the limit of the stream', () => {
		expect(symptom('metrics-storage:sentinel', [reported(60 * mebibyte)])).toMatchObject({
			severity: 'warning',
			title: 'titan-sentinel reports storage pressure',
			evidence: '60.0 of 64.0 MiB',
			runbook: 'purge',
		});
		expect(ids([reported(40 * mebibyte)])).toEqual([]);
		expect(ids([metrics('missing', now, {storageBytes: limit})])).toEqual(['metrics-missing:sentinel']);
	});

	test('is explained by the stream itself', () => {
		expect(ids([reported(limit), ...of({bytes: limit})])).toEqual([
			'stream-full:TITAN_INTENTS',
			'metrics-storage:sentinel < stream-full:TITAN_INTENTS',
		]);
	});
});

test('what is full explains who can not publish', () => {
	const seen: Observation[] = [
		...of({bytes: limit, consumers: [consumer()]}),
		{
			kind: 'health',
			name: 'brain',
			service: 'titan-brain',
			url: 'http://127.0.0.1:3100/health',
			status: 'unhealthy',
			detail: 'nats unhealthy',
			elapsedMs: 1,
			at: now,
		},
	];
	expect(ids(seen)).toEqual([
		'stream-full:TITAN_INTENTS',
		'health-unhealthy:brain < stream-full:TITAN_INTENTS',
	]);
	expect(symptom('health-unhealthy:brain', seen)).not.toHaveProperty('advice');
});
