import {describe, expect, test} from 'vitest';
import {consumingService} from '../../source/diagnosis/consuming-service.ts';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {ConsumerFacts, Observation} from '../../source/state/observation.ts';
import {
	config,
	connected,
	consumer,
	consumerGone,
	disconnected,
	exited,
	metrics,
	named,
	now,
	observe,
	start,
	stream,
	streams,
	well,
} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

const key = 'TITAN_INTENTS/execution-consumer';
const look = (second: number, ...consumers: Partial<ConsumerFacts>[]): Observation =>
	streams(now + second * 1000, stream({consumers: consumers.map(consumer)}));
const looks = (seconds: number, changes: (second: number) => Partial<ConsumerFacts>): Observation[] =>
	Array.from({length: seconds + 1}, (_, second) => look(second, changes(second)));
const withWatched = (observation: Observation): Observation =>
	observation.kind === 'streams'
		? streams(observation.at, stream({consumers: [consumer(), ...(observation.streams[0]?.consumers ?? [])]}))
		: observation;
const full = {lag: 50, ackPending: 1000, ackFloorStreamSeq: 4000, deliveredStreamSeq: 5000};

describe('consumer-lag', () => {
	test.each([
		[999, undefined],
		[1000, 'warning'],
		[9999, 'warning'],
		[10_000, 'critical'],
	])('a lag of %s: %s', (lag, severity) => {
		expect(symptom(`consumer-lag:${key}`, [look(0, {lag})])?.severity).toBe(severity);
	});

	test('says where it goes', () => {
		const stands = symptom(
			`consumer-lag:${key}`,
			looks(30, () => ({lag: 12_301})),
		);
		expect(stands).toMatchObject({
			evidence: '12,301 messages not delivered',
			advice: 'look at titan-execution',
		});
		const grows = symptom(
			`consumer-lag:${key}`,
			looks(60, (second) => ({lag: 10_000 + second * 840})),
		);
		expect(grows?.evidence).toBe('60,400 messages not delivered, growing 840/s');
		const falls = symptom(
			`consumer-lag:${key}`,
			looks(60, (second) => ({lag: 40_000 - second * 300})),
		);
		expect(falls).toMatchObject({
			evidence: '22,000 messages not delivered, falling 300/s, caught up in 73 s',
			advice: 'wait, it is catching up',
		});
	});

	test('of another consumer is a warning, and the watched one comes first', () => {
		const seen = [look(0, {name: 'audit', lag: 50_000}, {lag: 2000})];
		expect(symptom('consumer-lag:TITAN_INTENTS/audit', seen)).toMatchObject({
			severity: 'warning',
			advice: 'look at the service that consumes it',
		});
		expect(ids(seen)).toEqual([`consumer-lag:${key}`, 'consumer-lag:TITAN_INTENTS/audit']);
	});

	test('is not counted of one that was paused', () => {
		expect(ids([look(0, {lag: 50_000, paused: true})])).toEqual([`consumer-paused:${key}`]);
	});

	test.each([
		['down', container1('titan-execution', exited), 'container-down:titan-execution'],
		['paused', container1('titan-execution', {status: 'paused'}), 'container-down:titan-execution'],
		['cut off', container1('titan-execution', {networks: []}), 'container-detached:titan-execution'],
		['another one down', container1('titan-brain', exited), undefined],
	])('is explained by the service that consumes it: %s', (_, seen, cause) => {
		expect(symptom(`consumer-lag:${key}`, [look(0, {lag: 50_000}), seen])?.cause).toBe(cause);
	});
});

describe('consumer-growing', () => {
	const growing = looks(17, (second) => ({lag: 100 + second * 12}));

	test('where it grew for long enough', () => {
		// The first look has no rate yet: it grows from the second one on.
		expect(ids(growing.slice(0, 16))).toEqual([]);
		expect(ids(growing.slice(0, 17))).toEqual([`consumer-growing:${key}`]);
		expect(symptom(`consumer-growing:${key}`, growing)).toMatchObject({
			severity: 'warning',
			title: 'execution-consumer falls behind',
			evidence: 'lag 304, growing 12/s for 16 s',
			advice: 'look at titan-execution',
		});
	});

	test.each([
		['a small lag', (second: number) => 4 * second],
		['a slow growth', (second: number) => 500 + second * 0.9],
		['a lag that stands', () => 900],
		['a lag that goes up and down', (second: number) => (second % 2 ? 200 : 500)],
	])('not %s', (_, lag) => {
		expect(ids(looks(20, (second) => ({lag: lag(second)})))).toEqual([]);
	});

	test('not twice: a lag that is critical says so itself', () => {
		expect(ids(looks(20, (second) => ({lag: 20_000 + second * 100})))).toEqual([`consumer-lag:${key}`]);
	});

	test('of another consumer, only until its lag says so itself', () => {
		const audit = (from: number): string[] =>
			ids(looks(20, (second) => ({name: 'audit', lag: from + second * 12})).map(withWatched));
		expect(audit(200)).toEqual(['consumer-growing:TITAN_INTENTS/audit']);
		expect(audit(2000)).toEqual(['consumer-lag:TITAN_INTENTS/audit']);
	});

	test('not by time alone where it is not read any more', () => {
		expect(ids(growing.slice(0, 10), {at: now + 25_000})).toEqual([]);
	});
});

describe('consumer-stalled', () => {
	test('where nothing is acknowledged for three seconds', () => {
		const stalled = looks(12, () => full);
		expect(ids(stalled.slice(0, 3))).toEqual([]);
		expect(symptom(`consumer-stalled:${key}`, stalled)).toMatchObject({
			severity: 'critical',
			title: 'execution-consumer is stalled',
			evidence: '1,000 of 1,000 unacknowledged, nothing acknowledged for 12 s',
			runbook: 'service.titan-execution',
		});
	});

	test.each([
		['the floor moves', (second: number) => ({...full, ackFloorStreamSeq: 4000 + second})],
		[
			'the floor stands, but others are acknowledged',
			(second: number) => ({...full, deliveredStreamSeq: 5000 + second}),
		],
		['one place is free', () => ({...full, ackPending: 999})],
		['there is no limit', () => ({...full, maxAckPending: -1})],
	])('not where %s', (_, changes) => expect(ids(looks(12, changes))).toEqual([]));

	test('by the times that the server tells, at the first look', () => {
		const first = (lastAckAt: number): string[] =>
			diagnose(observe(start(now), connected(now), look(0, {...full, lastAckAt})), config, now).map(
				({id}) => id,
			);
		expect(first(now - 240_000)).toEqual([`consumer-stalled:${key}`]);
		expect(first(now - 29_000)).toEqual([]);
		expect(first(now + 240_000)).toEqual([]);
	});

	test('not by those times where it was seen moving', () => {
		const seen = looks(12, (second) => ({
			...full,
			ackFloorStreamSeq: 4000 + second,
			lastAckAt: now - 240_000,
		}));
		expect(ids(seen)).toEqual([]);
	});

	test('not by time alone where it is not read any more', () => {
		expect(
			ids(
				looks(2, () => full),
				{at: now + 25_000},
			),
		).toEqual([]);
	});

	test('explains the lag, and is explained by its service', () => {
		const seen = looks(12, () => ({...full, lag: 12_000}));
		expect(ids(seen)).toEqual([`consumer-stalled:${key}`, `consumer-lag:${key} < consumer-stalled:${key}`]);
		expect(ids([...seen, container1('titan-execution', {status: 'paused'})])).toEqual([
			'container-down:titan-execution',
			`consumer-stalled:${key} < container-down:titan-execution`,
			`consumer-lag:${key} < container-down:titan-execution`,
		]);
	});
});

describe('consumer-missing', () => {
	const gone = look(1);
	const said = consumerGone(now + 1000);

	test('by the word of the server alone, not by a list that lacks it', () => {
		expect(ids([gone])).toEqual([]);
		expect(ids([gone, named('unread', now + 1000, {consumer: 'execution-consumer'})])).toEqual([
			`unread:consumer/${key}`,
		]);
		// From before the connection was lost it tells of another life of the server.
		expect(ids([gone, said, disconnected(now + 1500), connected(now + 2000)])).toEqual([]);
	});

	test('where its stream is there', () => {
		expect(symptom(`consumer-missing:${key}`, [gone, said])).toMatchObject({
			severity: 'critical',
			title: 'execution-consumer is missing',
			runbook: 'recreate',
		});
	});

	test('says what was meant by a name that nobody ever saw', () => {
		const there = streams(now, stream({consumers: [consumer({name: 'execution-consumers'})]}));
		const found = (saved: string[]) =>
			diagnose(
				observe(
					start(now),
					connected(now),
					{kind: 'memory', streams: [], saved: {TITAN_INTENTS: saved}, at: now},
					there,
					consumerGone(now),
				),
				config,
				now,
			).find(({id}) => id === `consumer-missing:${key}`);
		expect(found([])).toMatchObject({
			evidence: 'TITAN_INTENTS has no such consumer (10014), did you mean execution-consumers?',
			advice: 'correct consumer in the configuration, or use --consumer=execution-consumers',
		});
		expect(found([])).not.toHaveProperty('runbook');
		expect(found(['execution-consumer'])).toMatchObject({runbook: 'recreate'});
	});

	test('not before the consumers were listed, nor without the stream', () => {
		const unread = observe(start(now), connected(now), streams(now, stream({consumers: undefined})));
		expect(diagnose(unread, config, now).map(({id}) => id)).not.toContain(`consumer-missing:${key}`);
		expect(ids([gone, said, streams(now + 2000), named('missing', now + 2000)])).toEqual([
			'stream-missing:TITAN_INTENTS',
		]);
		expect(ids([gone, said, disconnected(now + 2000)])).toEqual(['nats-unreached']);
	});

	test('is explained by the service that makes it', () => {
		expect(ids([gone, said, container1('titan-execution', exited)])).toEqual([
			'container-down:titan-execution',
			`consumer-missing:${key} < container-down:titan-execution`,
		]);
	});
});

test('consumer-paused: of another one it is a warning', () => {
	expect(symptom(`consumer-paused:${key}`, [look(0, {paused: true, lag: 7})])).toMatchObject({
		severity: 'critical',
		evidence: '7 messages wait',
		advice: 'resume it: nats consumer resume',
	});
	const other = symptom('consumer-paused:TITAN_INTENTS/audit', [look(0, {}, {name: 'audit', paused: true})]);
	expect(other?.severity).toBe('warning');
});

test('consumer-ahead: the stream began anew behind it', () => {
	const seen = [look(0, {ackFloorStreamSeq: 4000})];
	const lost = streams(now + 1000, stream({lastSeq: 3, consumers: [consumer({ackFloorStreamSeq: 4000})]}));
	expect(symptom(`consumer-ahead:${key}`, [...seen, lost])).toMatchObject({
		severity: 'critical',
		evidence: 'it is at 4,000, the stream ends at 3: new messages are not delivered',
		runbook: 'recreate',
	});
	expect(ids(seen)).toEqual([]);
});

describe('metrics-lag', () => {
	test('by the same thresholds', () => {
		const reported = (lagMessages: number): Observation[] => [metrics('ok', now, {lagMessages})];
		expect(ids(reported(999))).toEqual([]);
		expect(symptom('metrics-lag:sentinel', reported(1000))?.severity).toBe('warning');
		const all = [...reported(10_000), disconnected(now)];
		expect(symptom('metrics-lag:sentinel', all)).toMatchObject({
			severity: 'critical',
			title: 'titan-sentinel reports a lag',
			evidence: '10,000 messages',
		});
	});

	test('is a warning at most where NATS itself says that nothing lags', () => {
		expect(symptom('metrics-lag:sentinel', [metrics('ok', now, {lagMessages: 987_654})])?.severity).toBe(
			'warning',
		);
	});

	test('is explained by the consumer itself, and no worse', () => {
		const seen = [look(0, {lag: 5000}), metrics('ok', now, {lagMessages: 10_001})];
		expect(symptom('metrics-lag:sentinel', seen)).toMatchObject({
			cause: `consumer-lag:${key}`,
			severity: 'warning',
		});
	});
});

test.each([
	['execution-consumer', 'titan-execution'],
	['brain', 'titan-brain'],
	['SCAVENGER_durable', 'titan-scavenger'],
	['nats-audit', undefined],
	['executioner', undefined],
	['', undefined],
])('the service that consumes %s is %s', (name, service) => {
	expect(consumingService(name, well(), config)).toBe(service);
});

test('the service that the configuration names goes before all guesses', () => {
	const consumers = {'execution-consumer': 'worker'};
	expect(consumingService('execution-consumer', well(), {...config, consumers})).toBe('worker');
	expect(consumingService('brain', well(), {...config, consumers})).toBe('titan-brain');
});

test('the service of an endpoint that is called as the consumer goes before a service that is', () => {
	const [brain] = config.health;
	const health = [{...brain!, name: 'execution', service: 'worker'}];
	expect(consumingService('execution-consumer', well(), {...config, health})).toBe('worker');
	expect(
		consumingService('execution-consumer', well(), {
			...config,
			health: [{...brain!, name: 'execution', service: undefined}],
		}),
	).toBe('titan-execution');
});
