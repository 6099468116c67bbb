import {describe, expect, it} from 'vitest';
import type {BackupMeta} from '../../../source/clients/nats/backup-files.ts';
import {isPart} from '../../../source/clients/nats/restore-partial.ts';
import {isBefore} from '../../../source/clients/nats/restore-target.ts';
import {streamInfoSchema} from '../../../source/clients/nats/schema.ts';
import {emptyState} from './infos.ts';

describe('isBefore', () => {
	it.each([
		['2.9.10', true],
		['2.14.5', true],
		['2.15.0-RC.1', false],
		['2.15.1', false],
		['2.100.0', false],
		['3.0.0', false],
		['1.99.0', true],
		['', false],
		['dev', false],
	])('%s', (version, before) => {
		expect(isBefore(version, [2, 15])).toBe(before);
	});
});

describe('isPart', () => {
	const saved: BackupMeta = {
		config: {name: 'S'},
		state: {
			messages: 10,
			bytes: 100,
			first_seq: 1,
			last_seq: 10,
			last_ts: '2026-11-24T10:00:00.5Z',
			consumer_count: 1,
		},
	};
	const stream = (state: object) =>
		streamInfoSchema.parse({
			config: {name: 'S'},
			state: {...emptyState, last_ts: '0001-01-01T00:00:00Z', ...state},
		});

	it.each([
		['an empty one', {}, true],
		['some of its messages', {messages: 4, last_seq: 4, last_ts: '2026-11-24T09:59:00Z'}, true],
		['all of it', {messages: 10, last_seq: 10, last_ts: '2026-11-24T10:00:00.5Z', consumer_count: 1}, true],
		['a newer message', {messages: 1, last_seq: 1, last_ts: '2026-11-24T10:00:01Z'}, false],
		['a higher sequence', {messages: 4, last_seq: 11, last_ts: '2026-11-24T09:59:00Z'}, false],
		['another consumer', {consumer_count: 2}, false],
		['a time that can not be read', {messages: 1, last_seq: 1, last_ts: ''}, false],
	])('%s', (_, state, part) => {
		expect(isPart(stream(state), saved)).toBe(part);
	});
});
