import {describe, expect, test} from 'vitest';
import type {Config} from '../../source/config/schema.ts';
import {isCalm} from '../../source/diagnosis/status.ts';
import type {Observation} from '../../source/state/observation.ts';
import type {EscalationState} from '../../source/state/types.ts';
import {config, now, observe, well} from '../state/fixture.ts';
import {ids, symptom, symptoms} from './fixture.ts';

const minute = 60_000;
const since = now - 20 * minute;
const dueAt = since + 15 * minute;
const paged: Config = {...config, escalation: {...config.escalation, command: ['pager']}};

const seen = (change: Partial<EscalationState> = {}): Observation[] => [
	{
		kind: 'incident',
		since,
		escalation: {to: ['pager', 'hook'], dueAt, alive: false, attempts: 3, delivered: [], ...change},
		at: now,
	},
];
const failed = {failedAt: now - minute, error: 'pager: it ended with code 1'};

describe('escalation-failed', () => {
	test('says that nobody was reached, and why', () => {
		expect(symptom('escalation-failed', seen(failed), {config: paged})).toEqual({
			id: 'escalation-failed',
			severity: 'critical',
			title: 'The escalation reached nobody',
			evidence: 'pager: it ended with code 1',
			advice: 'call the on-call lead yourself',
			beganAt: now - minute,
		});
	});

	test('warns where somebody else was reached', () => {
		expect(
			symptom('escalation-failed', seen({...failed, delivered: ['hook']}), {config: paged}),
		).toMatchObject({
			severity: 'warning',
			title: 'The escalation reached hook alone',
		});
	});

	test('says that nothing sends it, two minutes after its time', () => {
		const overdue = {severity: 'critical', title: 'The escalation is overdue'};
		expect(symptom('escalation-failed', seen(), {config: paged})).toMatchObject(overdue);
		const unknown: Observation[] = [{kind: 'incident', since, at: now}];
		expect(symptom('escalation-failed', unknown, {config: paged})).toMatchObject(overdue);
		expect(ids(seen(), {config: paged, at: dueAt + minute})).toEqual([]);
	});

	test('says nothing while a process sends, when all were told, where nobody is to be told, without an incident', () => {
		expect(ids(seen({alive: true}), {config: paged})).toEqual([]);
		expect(ids(seen({deliveredAt: dueAt, delivered: ['pager', 'hook']}), {config: paged})).toEqual([]);
		expect(ids([{kind: 'incident', since, at: now}], {config})).toEqual([]);
		expect(ids([...seen(failed), {kind: 'incident', since: undefined, at: now}], {config: paged})).toEqual(
			[],
		);
	});

	test('is no reason for the incident to go on', () => {
		const found = symptoms(seen(failed), {config: paged});
		expect(found).toHaveLength(1);
		expect(isCalm(observe(well(), ...seen(failed)), found)).toBe(true);
	});
});
