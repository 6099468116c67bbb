import {describe, expect, it} from 'vitest';
import {mostLoss} from '../../source/runbook/impact.ts';
import {purgeOutcome} from '../../source/runbook/purge-outcome.ts';

const before = {messages: 3000, first_seq: 1, last_seq: 3000};

describe('what became of a purge that got no answer', () => {
	it.each([
		['as it was', {messages: 3000, first_seq: 1, last_seq: 3000}, 1000, 'nothing', 0],
		['as it was, with newcomers', {messages: 3050, first_seq: 1, last_seq: 3050}, 1000, 'nothing', 0],
		['kept', {messages: 1000, first_seq: 2001, last_seq: 3000}, 1000, 'done', 2000],
		['kept, with newcomers', {messages: 1040, first_seq: 2001, last_seq: 3040}, 1000, 'done', 2000],
		['kept after newcomers', {messages: 1000, first_seq: 2041, last_seq: 3040}, 1000, 'done', 2040],
		['a first part', {messages: 2500, first_seq: 501, last_seq: 3000}, 1000, 'partly', 500],
		['emptied', {messages: 0, first_seq: 3001, last_seq: 3000}, 'nothing', 'done', 3000],
		['emptied, with newcomers', {messages: 7, first_seq: 3001, last_seq: 3007}, 'nothing', 'done', 3000],
		['a first part of all', {messages: 100, first_seq: 2901, last_seq: 3000}, 'nothing', 'partly', 2900],
	] as const)('%s', (_, after, keep, kind, removed) => {
		expect(purgeOutcome(before, after, keep)).toEqual({kind, removed});
	});

	it('counts messages, not sequences, where the stream has gaps', () => {
		expect(
			purgeOutcome(
				{messages: 1500, first_seq: 1, last_seq: 3000},
				{messages: 1000, first_seq: 900, last_seq: 3000},
				1000,
			),
		).toEqual({kind: 'done', removed: 500});
	});
});

describe('the most that a purge may take', () => {
	it.each([
		[0, 100],
		[1, 501],
		[2000, 2500],
		[50_000, 62_500],
	])('where %i were confirmed: %i', (confirmed, most) => {
		expect(mostLoss(confirmed)).toBe(most);
	});
});
