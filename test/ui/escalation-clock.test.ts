import {describe, expect, test} from 'vitest';
import type {Config} from '../../source/config/schema.ts';
import type {EscalationState} from '../../source/state/types.ts';
import {escalationClock} from '../../source/ui/escalation-clock.ts';
import {plainText} from '../../source/ui/line.ts';
import {header} from '../../source/ui/panes/header.ts';
import {config, findings, incident, model, now} from './fixture.ts';
import {textOf} from './text.ts';

const minute = 60_000;
const paged: Config = {
	...config,
	escalation: {...config.escalation, command: ['/opt/pager'], webhook: {url: 'https://hook.example.com/x'}},
};
const since = now - 16 * minute;
const escalation: EscalationState = {
	to: ['pager', 'hook.example.com'],
	dueAt: since + 15 * minute,
	alive: true,
	attempts: 0,
	delivered: [],
};

const at = (minutes: number, change?: Partial<EscalationState>, of = paged) =>
	escalationClock(now - minutes * minute, change && {...escalation, ...change}, of, now);
const text = (...of: Parameters<typeof at>) => plainText(at(...of));

describe('the clock of the incident', () => {
	test('counts down, and warns with a word and in yellow', () => {
		expect(text(9.9)).toBe('escalates in 05:06');
		expect(text(10)).toBe('escalates soon, in 05:00');
		expect(at(10).every(({style}) => style?.colour === 'yellow')).toBe(true);
		expect(text(9.9, {}, {...config, escalation: {afterMinutes: 9, warnMinutes: 10}})).toBe(
			'escalate now, 00:54 over',
		);
	});

	test('says to whom the report goes, and that it is tried again', () => {
		expect(text(15.1, {})).toBe('escalating to pager, hook.example.com');
		expect(text(15.1)).toBe('escalating to pager, hook.example.com');
		expect(text(15.1, {error: 'pager: it ended with code 1'})).toBe(
			'escalating again: pager: it ended with code 1',
		);
	});

	test('says when it was told, and to whom', () => {
		expect(text(20, {deliveredAt: now - minute, delivered: ['pager'], alive: false})).toBe(
			'escalated 14:02 to pager',
		);
	});

	test('says that it failed, and why', () => {
		expect(text(20, {failedAt: now, error: 'pager: it ended with code 1', alive: false})).toBe(
			'ESCALATION FAILED: pager: it ended with code 1',
		);
	});

	test('leaves it to the operator where nobody else does', () => {
		expect(text(16, undefined, config)).toBe('escalate now, 01:00 over');
		expect(text(18, {alive: false})).toBe('escalate now, 03:00 over');
	});

	test.each([78, 90, 118, 158])('never runs over the header, and keeps its words, at %i', (columns) => {
		const failed = {...escalation, failedAt: now, error: `hook.example.com: ${'why '.repeat(40)}`};
		const state = {...incident(), incidentSince: since, escalation: failed};
		const row = textOf([header(model(state, {findings}), columns)]);
		expect(row).toContain('2 critical 1 warning   ESCALATION FAILED: ');
		expect(row).toMatch(/titan.+nats ●/);
		expect(row.length).toBeLessThanOrEqual(columns);
	});
});
