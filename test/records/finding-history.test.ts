import {appendFileSync, statSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import type {Finding} from '../../source/diagnosis/finding.ts';
import {appendFindings, type FindingNote, readFindings} from '../../source/records/finding-history.ts';
import {changes} from '../../source/watch/finding-keeper.ts';
import {tempPlace} from '../runbook/fixture.ts';

const note = (at: number, changes: Partial<FindingNote> = {}): FindingNote => ({
	at,
	change: 'appeared',
	id: 'nats-down',
	severity: 'critical',
	title: 'titan-nats is down',
	evidence: 'exited (137)',
	...changes,
});

const finding = (changes: Partial<Finding> = {}): Finding => ({
	id: 'nats-down',
	severity: 'critical',
	title: 'titan-nats is down',
	evidence: 'exited (137)',
	since: 1000,
	sinceMs: 0,
	...changes,
});

describe('the history of findings', () => {
	it('gives back what was put in, from a time on, oldest first', async () => {
		const place = await tempPlace();
		appendFindings(place, [note(30), note(10)]);
		appendFindings(place, [note(20, {change: 'went'})]);
		expect(readFindings(place, 15).map(({at}) => at)).toEqual([20, 30]);
		expect(readFindings(place, 0)[0]).toEqual(note(10));
		expect(statSync(place.findings).mode & 0o777).toBe(0o600);
	});

	it('stays bounded, and keeps the newest', async () => {
		const place = await tempPlace();
		for (let at = 0; at < 200; at++) {
			appendFindings(place, [note(at)], [], 2000);
		}
		expect(statSync(place.findings).size).toBeLessThan(2500);
		expect(statSync(`${place.findings}.1`).size).toBeLessThan(2500);
		const found = readFindings(place, 0);
		expect(found.at(-1)?.at).toBe(199);
		expect(found.length).toBeGreaterThan(10);
		expect(found.length).toBeLessThan(60);
	});

	it('is read around what is none, and safe for a terminal', async () => {
		const place = await tempPlace();
		writeFileSync(place.findings, 'null\n{"at":1}\n\u0000\n');
		appendFindings(place, [note(5)]);
		appendFileSync(place.findings, `${JSON.stringify(note(6, {title: '\u001b[2Jx'}))}\n{"at":7,"chan`);
		expect(readFindings(place, 0).map(({title}) => title)).toEqual(['titan-nats is down', 'x']);
	});

	it('holds no secret', async () => {
		const place = await tempPlace();
		appendFindings(
			place,
			[note(5, {evidence: 'nats://a:hunter2@h said battery9staple'})],
			[/battery9staple/g],
		);
		expect(readFindings(place, 0)[0]?.evidence).toBe('nats://***@h said ***');
	});

	it('disturbs nobody where it can not be written', async () => {
		const place = await tempPlace();
		expect(() => appendFindings({...place, findings: '/proc/none'}, [note(1)])).not.toThrow();
		expect(readFindings({...place, findings: '/proc/none'}, 0)).toEqual([]);
	});
});

describe('what came and went', () => {
	it('notes a finding once it lasts, with the time when it began, and once it has gone', () => {
		const first = changes(new Map(), [finding()], 1500);
		expect(first.notes).toEqual([]);
		const second = changes(first.known, [finding()], 3000);
		expect(second.notes).toEqual([note(1000)]);
		const third = changes(second.known, [finding({evidence: 'exited (0)'})], 4000);
		expect(third.notes).toEqual([]);
		expect(changes(third.known, [], 5000).notes).toEqual([note(5000, {change: 'went'})]);
	});

	it('notes no flicker, and nothing that is only unknown', () => {
		const first = changes(new Map(), [finding(), finding({id: 'x', severity: 'unknown', since: 0})], 1500);
		const second = changes(first.known, [finding({id: 'x', severity: 'unknown', since: 0})], 9000);
		expect([...first.notes, ...second.notes]).toEqual([]);
	});

	it('notes that it got worse', () => {
		const first = changes(new Map(), [finding({severity: 'warning'})], 5000);
		const second = changes(first.known, [finding()], 6000);
		expect(second.notes).toEqual([note(6000)]);
		expect(changes(second.known, [finding()], 7000).notes).toEqual([]);
	});
});
