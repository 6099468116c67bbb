import {describe, expect, it} from 'vitest';
import {differences} from '../../source/runbook/checks/as-saved.ts';

const saved = {
	name: 'ORDERS',
	subjects: ['orders.>'],
	max_bytes: 1 << 30,
	discard: 'old',
	placement: {cluster: 'prod', tags: ['ssd']},
	metadata: {team: 'orders'},
};

describe('what was recreated', () => {
	it.each([
		['the same', {...saved}],
		[
			'with what only the server adds',
			{...saved, metadata: {team: 'orders', '_nats.ver': '2.15.1'}, first_seq: 1},
		],
		['with a zero value left out or added', {...saved, duplicate_window: 0, sealed: false}],
	])('is as saved: %s', (_, now) => {
		expect(differences({...saved, no_ack: false, max_age: 0}, now)).toEqual([]);
	});

	it.each([
		['another limit', {max_bytes: 1 << 20}, 'max_bytes 1048576 instead of 1073741824'],
		['another subject', {subjects: ['orders.*']}, 'subjects ["orders.*"] instead of ["orders.>"]'],
		['a setting that is gone', {placement: undefined}, /^placement unset instead of \{"cluster"/],
	])('is named: %s', (_, change, words) => {
		const [difference, ...others] = differences(saved, {...saved, ...change});
		expect(difference).toMatch(words);
		expect(others).toEqual([]);
	});

	it('may begin elsewhere when the server could not move it', () => {
		const now = {...saved, deliver_policy: 'by_start_sequence', opt_start_seq: 5};
		const before = {...saved, deliver_policy: 'all'};
		expect(differences(before, now)).toHaveLength(1);
		expect(differences(before, now, new Set(['deliver_policy', 'opt_start_seq']))).toEqual([]);
	});
});
