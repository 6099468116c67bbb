import {describe, expect, it} from 'vitest';
import {type StreamInfo, streamInfoSchema} from '../../source/clients/nats/schema.ts';
import {account} from '../../source/runbook/checks/accounted.ts';

type Changes = {config?: object; state?: object};

const info = ({config, state}: Changes = {}): StreamInfo =>
	streamInfoSchema.parse({
		config: {name: 'ORDERS', max_bytes: -1, max_msgs: -1, ...config},
		created: '2026-11-01T00:00:00Z',
		state: {
			messages: 5000,
			bytes: 500_000,
			first_seq: 1,
			first_ts: '2026-11-29T00:00:00Z',
			last_seq: 5000,
			last_ts: '2026-11-29T10:00:00Z',
			num_deleted: 0,
			consumer_count: 1,
			...state,
		},
	});
const now = Date.parse('2026-11-29T12:00:00Z');
const purged = {messages: 1000, bytes: 100_000, first_seq: 4001, first_ts: '2026-11-29T08:00:00Z'};

describe('the messages of a run', () => {
	it.each([
		['nothing was touched', {}, {}, 0],
		['the run itself removed them', {}, {state: purged}, 4000],
		['some were published meanwhile', {}, {state: {...purged, messages: 1042, last_seq: 5042}}, 4000],
		[
			'a work queue gave them to its workers',
			{config: {retention: 'workqueue'}},
			{config: {retention: 'workqueue'}, state: {messages: 10, first_seq: 4991}},
			0,
		],
		[
			'they were older than max_age',
			{config: {max_age: 3_600e9}},
			{config: {max_age: 3_600e9}, state: purged},
			0,
		],
		[
			'the stream is at its limit and drops the oldest',
			{config: {max_msgs: 5000}},
			{config: {max_msgs: 5000}, state: {messages: 5000, first_seq: 101, last_seq: 5100}},
			0,
		],
	] as [string, Changes, Changes, number][])('are accounted for: %s', (_, start, end, removed) => {
		expect(account(info(start), info(end), removed, now)).toMatchObject({ok: true});
	});

	it.each([
		['somebody else purged them', {}, {state: purged}, 0, /^4,000 messages are gone that this run did not/],
		['more are gone than the run removed', {}, {state: {...purged, messages: 6}}, 4000, /^994 messages/],
		['one was deleted in the middle', {}, {state: {messages: 4999, num_deleted: 1}}, 0, /^1 message is gone/],
		[
			'the sequences went back',
			{},
			{state: {messages: 0, last_seq: 0}},
			0,
			/its store was lost; it held 5,000/,
		],
		[
			'a restart lost what was in memory',
			{config: {storage: 'memory'}},
			{config: {storage: 'memory'}, state: {messages: 0, last_seq: 0}},
			0,
			/kept in memory, which a restart loses/,
		],
		[
			'none can be older than max_age yet',
			{config: {max_age: 86_400e9 * 7}},
			{config: {max_age: 86_400e9 * 7}, state: purged},
			0,
			/^4,000 messages/,
		],
	] as [string, Changes, Changes, number, RegExp][])('are not: %s', (_, start, end, removed, evidence) => {
		const {ok, evidence: said} = account(info(start), info(end), removed, now);
		expect(ok).toBe(false);
		expect(said).toMatch(evidence);
	});
});
