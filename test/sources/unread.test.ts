/**
What was not read is neither fine nor missing: each answer that the watcher consumes, replaced by each kind of damage. Nothing
of it may be called well, missing or down, and no restart and no recovery may be offered for it.
*/
import {describe, expect, test} from 'vitest';
import type {NatsConnection} from '../../source/clients/nats/connection.ts';
import {accountInfo} from '../../source/clients/nats/jetstream.ts';
import {checkFormats} from '../../source/commands/check-formats/formats.ts';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import {overallStatus} from '../../source/diagnosis/status.ts';
import {readingOf} from '../../source/sources/ask-by-name.ts';
import {lookAtStreams} from '../../source/sources/streams.ts';
import type {Observation} from '../../source/state/observation.ts';
import {wasRead} from '../../source/state/reading.ts';
import type {DeploymentState} from '../../source/state/types.ts';
import {emptyState, idleConsumer} from '../clients/nats/infos.ts';
import {config, down, now, observe, start, up, well, wellAt} from '../state/fixture.ts';
import {type Damage, damages} from './damage.ts';

const type = (name: string) => `io.nats.jetstream.api.v1.${name}_response`;
const page = {offset: 0, limit: 256};
const streamOf = (name: string) => ({
	config: {name, subjects: [`${name}.>`], max_bytes: 67_108_864, max_msgs: -1},
	created: '2026-11-23T19:28:12.1Z',
	state: {...emptyState, messages: 5000, bytes: 5_242_880, first_seq: 1, last_seq: 5000, consumer_count: 1},
});
const consumerOf = (stream: string, name: string) => ({
	...idleConsumer,
	stream_name: stream,
	name,
	config: {durable_name: name, max_ack_pending: 1000},
	delivered: {consumer_seq: 5000, stream_seq: 5000},
	ack_floor: {consumer_seq: 4997, stream_seq: 4997},
	num_waiting: 1,
});
const {stream: watched, consumer} = config;

/** What a server that is well answers. */
const answers: Record<string, unknown> = {
	INFO: {
		type: type('account_info'),
		memory: 0,
		storage: 10_485_760,
		streams: 2,
		consumers: 2,
		limits: {max_memory: -1, max_storage: -1, max_streams: -1, max_consumers: -1},
	},
	'STREAM.LIST': {type: type('stream_list'), ...page, total: 2, streams: [watched, 'ORDERS'].map(streamOf)},
	[`STREAM.INFO.${watched}`]: {type: type('stream_info'), ...streamOf(watched)},
	[`CONSUMER.LIST.${watched}`]: {
		type: type('consumer_list'),
		...page,
		total: 1,
		consumers: [consumerOf(watched, consumer)],
	},
	[`CONSUMER.INFO.${watched}.${consumer}`]: {type: type('consumer_info'), ...consumerOf(watched, consumer)},
	'CONSUMER.LIST.ORDERS': {
		type: type('consumer_list'),
		...page,
		total: 1,
		consumers: [consumerOf('ORDERS', 'billing')],
	},
	'STREAM.INFO.ORDERS': {type: type('stream_info'), ...streamOf('ORDERS')},
	'CONSUMER.INFO.ORDERS.billing': {type: type('consumer_info'), ...consumerOf('ORDERS', 'billing')},
};
const missing: Record<string, unknown> = {
	'STREAM.INFO': {error: {code: 404, err_code: 10_059, description: 'stream not found'}},
	'CONSUMER.INFO': {error: {code: 404, err_code: 10_014, description: 'consumer not found'}},
};

/** A connection to a server whose answers are damaged. */
const server = (damaged: Record<string, Damage | string>, replaced: Record<string, unknown> = {}) =>
	({
		request: async (subject: string) => {
			const call = subject.slice('$JS.API.'.length);
			const right = JSON.stringify(
				replaced[call] ?? answers[call] ?? missing[call.split('.').slice(0, 2).join('.')],
			);
			const damage = damaged[call];
			if (typeof damage === 'object' && damage.code !== undefined) {
				throw Object.assign(new Error('failed'), {code: damage.code});
			}
			const other = JSON.stringify(answers[call === 'INFO' ? 'STREAM.LIST' : 'INFO']);
			const text = typeof damage === 'string' ? damage : (damage?.of(right, other) ?? right);
			return {string: () => text};
		},
	}) as unknown as NatsConnection;

/** What is known after one look, and what is said of it. */
async function lookOnce(connection: NatsConnection, before: DeploymentState) {
	const seen: Observation[] = [];
	const emit = (observation: Observation) => void seen.push({...observation, at: now});
	const named = () => [{stream: watched, consumer}];
	const known = () => before.streams;
	const look = {
		connection,
		emit,
		known,
		named,
		due: (names: readonly string[]) => new Set(names),
		deadlineMs: 50,
	};
	await lookAtStreams(look, true).then(
		() => emit(up('nats', now)),
		(error: Error) => emit(down('nats', error.message, now)),
	);
	const reading = await accountInfo(connection, 50).then(() => wasRead, readingOf);
	emit({kind: 'reading', of: 'account', reading, at: now});
	emit({kind: 'over', at: now});
	const others = wellAt(now).filter(
		(one) => !['streams', 'account'].includes(one.kind) && !(one.kind === 'source' && one.source === 'nats'),
	);
	const state = observe(before, ...others, ...seen);
	const findings = diagnose(state, config, now).map((symptom) => ({...symptom, since: now, sinceMs: 0}));
	return {state, findings, status: overallStatus(state, findings), config, source: 'built-in'};
}

type Look = Awaited<ReturnType<typeof lookOnce>>;

function expectNothingClaimed({findings}: Look): void {
	for (const {title, runbook, evidence} of findings) {
		expect(`${title}: ${evidence}`).not.toMatch(/\b(missing|gone|vanished|is down|not among)\b/);
		expect(runbook).toBeUndefined();
	}
}

describe('a server that is well', () => {
	test.each([
		['at the first look', start],
		['later', well],
	])('is ok %s', async (_, before) => {
		const look = await lookOnce(server({}), before());
		expect(look.findings).toEqual([]);
		expect(look.status).toBe('ok');
	});

	test('has everything read, by name', async () => {
		const {state} = await lookOnce(server({}), start());
		expect(state.streams['ORDERS']).toMatchObject({
			reading: {status: 'read', readAt: now},
			consumersReading: {status: 'read'},
			consumers: {billing: {reading: {status: 'read'}}},
		});
		expect(state.services['titan-nats']?.reading?.status).toBe('read');
		expect(state.health['brain']?.reading?.status).toBe('read');
		expect(state.named?.[`${watched}/${consumer}`]?.answer).toBe('there');
	});
});

const calls = Object.keys(answers).filter((call) => !/INFO\.ORDERS/.test(call));
/** What a list tells as well may be read by that. */
const isDoubled = (call: string): boolean => /^(STREAM|CONSUMER)\.INFO\./.test(call);

describe.each(calls)('%s answers', (call) => {
	const right = JSON.stringify(answers[call]);
	// What has no list is right without lists.
	const real = damages.filter(({of, code}) => code !== undefined || of(right, '') !== right);

	test.each(real)('$name', async (damage) => {
		for (const before of [start(), (await lookOnce(server({}), well())).state]) {
			const look = await lookOnce(server({[call]: damage}), before);
			expectNothingClaimed(look);
			if (!isDoubled(call)) {
				expect(look.status).toBe('unknown');
				for (const format of ['human', 'nagios', 'json'] as const) {
					expect(checkFormats[format](look)).toMatch(nameOf(call));
				}
			}
		}
	});
});

/** How a blind spot of a call is named. */
function nameOf(call: string): RegExp {
	const stream = /^CONSUMER\.LIST\.(.*)$/.exec(call)?.[1];
	return stream !== undefined ? new RegExp(stream) : call === 'INFO' ? /account/i : /[Ss]treams/;
}

describe('what a list lacks', () => {
	const empty = {type: type('stream_list'), ...page, total: 0, streams: []};

	test("another server's list makes nothing missing that the server knows by name", async () => {
		const {state} = await lookOnce(server({}), well());
		const look = await lookOnce(server({}, {'STREAM.LIST': empty}), state);
		expectNothingClaimed(look);
		expect(look.status).toBe('unknown');
		expect(look.state.streams[watched]?.present).toBe(true);
	});

	test('a list that was cut says how much of it was read', async () => {
		const cut = {type: type('stream_list'), ...page, total: 6000, streams: [streamOf('ORDERS')]};
		let pages = 0;
		const connection = server({}, {'STREAM.LIST': cut});
		const request = connection.request.bind(connection);
		connection.request = (subject: string) => {
			const isLater = subject.endsWith('STREAM.LIST') && pages++ > 0;
			return isLater ? Promise.reject(Object.assign(new Error('late'), {code: 'TIMEOUT'})) : request(subject);
		};
		const look = await lookOnce(connection, start());
		expectNothingClaimed(look);
		expect(look.status).toBe('unknown');
		expect(checkFormats.human(look)).toMatch(
			/^UNKNOWN titan: 5 of 5 containers running, 2 of 6,000 streams\n/,
		);
		expect(checkFormats.human(look)).toContain('Some streams are unknown: 1 of 6,000 read');
		expect(look.state.streams[watched]?.present).toBe(true);
	});

	test('a row that cannot be read is not missing', async () => {
		const odd = {...streamOf('ORDERS'), state: {...emptyState, messages: 'many'}};
		const list = {type: type('stream_list'), ...page, total: 2, streams: [streamOf(watched), odd]};
		const {state} = await lookOnce(server({}), well());
		const look = await lookOnce(server({}, {'STREAM.LIST': list}), state);
		expectNothingClaimed(look);
		expect(look.status).toBe('unknown');
		expect(checkFormats.human(look)).toContain('ORDERS could not be read');
	});

	test('is missing by the server’s own word, and then it may be recovered', async () => {
		const none = {type: type('stream_list'), ...page, total: 1, streams: [streamOf('ORDERS')]};
		const look = await lookOnce(
			server({}, {'STREAM.LIST': none, [`STREAM.INFO.${watched}`]: missing['STREAM.INFO']}),
			well(),
		);
		expect(look.findings[0]).toMatchObject({id: `stream-missing:${watched}`, runbook: 'recover'});
	});

	test('is gone by the server’s own word', async () => {
		const {state} = await lookOnce(server({}), well());
		const none = {type: type('stream_list'), ...page, total: 1, streams: [streamOf(watched)]};
		const look = (info: unknown) =>
			lookOnce(server({}, {'STREAM.LIST': none, 'STREAM.INFO.ORDERS': info}), state);
		const gone = await look(missing['STREAM.INFO']);
		expect(gone.findings.map(({id}) => id)).toEqual(['stream-vanished:ORDERS']);
		const unsure = await look({error: {code: 503, err_code: 10_008}});
		expect(unsure.findings.map(({id}) => id)).toEqual(['unread:stream/ORDERS']);
		expect(unsure.status).toBe('unknown');
	});
});

test('a blind spot beside a warning and a critical is named in the text', async () => {
	const {state} = await lookOnce(
		server({'CONSUMER.LIST.ORDERS': damages[0]!}, {}),
		observe(start(), {kind: 'rtt', rttMs: 900, at: now}),
	);
	const findings = [
		...diagnose(state, config, now).map((one) => ({...one, since: now, sinceMs: 0})),
		{id: 'rtt-slow', severity: 'warning' as const, title: 'Slow', evidence: 'x', since: now, sinceMs: 0},
	];
	const look = {state, findings, status: overallStatus(state, findings), config, source: 'built-in'};
	expect(look.status).toBe('warning');
	for (const format of ['human', 'nagios', 'json'] as const) {
		expect(checkFormats[format](look)).toContain('The consumers of ORDERS');
	}
	// All of them, however many there are: findings of one kind end at twenty.
	const many = {...look, findings: []};
	expect(checkFormats.human(many)).toContain('UNKNOWN The consumers of ORDERS');
	expect(checkFormats.nagios(many)).toContain('UNKNOWN The consumers of ORDERS');
});
