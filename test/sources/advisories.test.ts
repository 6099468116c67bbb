import {describe, expect, test} from 'vitest';
import {parseAdvisory} from '../../source/clients/nats/advisory.ts';
import {Wake} from '../../source/sources/loop.ts';

describe('what an advisory tells, by its subject', () => {
	const prefix = '$JS.EVENT.ADVISORY';

	test.each([
		['STREAM.DELETED.ORDERS', {kind: 'stream-deleted', stream: 'ORDERS'}],
		['STREAM.UPDATED.ORDERS', {kind: 'stream-updated', stream: 'ORDERS'}],
		['STREAM.CREATED.ORDERS', {kind: 'stream-created', stream: 'ORDERS'}],
		['CONSUMER.DELETED.ORDERS.audit', {kind: 'consumer-deleted', stream: 'ORDERS', consumer: 'audit'}],
		['CONSUMER.MAX_DELIVERIES.ORDERS.audit', {kind: 'max-deliveries', stream: 'ORDERS', consumer: 'audit'}],
	])('%s', (subject, told) => {
		expect(parseAdvisory(`${prefix}.${subject}`)).toEqual(told);
	});

	test.each([
		'STREAM.LEADER_ELECTED.ORDERS',
		'STREAM.DELETED',
		'CONSUMER.DELETED.ORDERS',
		'API',
		'constructor.toString.ORDERS',
	])('nothing of %s', (subject) => {
		expect(parseAdvisory(`${prefix}.${subject}`)).toBeUndefined();
	});

	test('names lose what would move the cursor', () => {
		const told = parseAdvisory(`${prefix}.STREAM.DELETED.A\u001b[31mB`);
		expect(JSON.stringify(told)).not.toContain('\\u001b');
	});
});

describe('a pause that can be ended', () => {
	test('ends when it is woken, or aborted, and leaves nothing behind', async () => {
		const wake = new Wake();
		const ended = new AbortController();
		const woken = wake.pause(60_000, ended.signal);
		wake.now();
		await woken;
		const aborted = wake.pause(60_000, ended.signal);
		ended.abort();
		await aborted;
		// Nobody pauses any more: waking wakes nobody.
		wake.now();
	});
});
