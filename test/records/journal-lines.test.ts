import {spawnSync} from 'node:child_process';
import {mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {JournalEvent} from '../../source/records/event.ts';
import {createJournal, readLines} from '../../source/records/journal.ts';
import {parseLine} from '../../source/records/journal-schema.ts';
import {incidentReport} from '../../source/report/incident-report.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {started, tempPlace} from '../runbook/fixture.ts';

const check = {name: 'c', ok: false, evidence: 'e', ms: 5, next: 'n'};
const where = {engine: 'unix:///a', project: 'p', nats: 'nats://h:4222', stream: 'S', consumer: 'C'};

const every: JournalEvent[] = [
	started({where, resumes: 'x', impact: undefined}),
	{event: 'preflight', checks: [check], at: 1},
	{
		event: 'snapshot',
		when: 'before',
		elapsedMs: 1,
		unanswered: ['x'],
		containers: [{service: 'a', status: 'running', health: 'none'}],
		server: {healthz: 'ok'},
		streams: [{name: 'S', messages: 1, bytes: 2, firstSeq: 3, lastSeq: 4, consumers: []}],
		moreStreams: 2,
		at: 1,
	},
	{event: 'step', step: 'stop', status: 'running', text: 't', command: 'c', at: 1},
	{event: 'progress', step: 'stop', text: 't', fraction: 0.5, at: 1},
	{event: 'stopping', services: ['a'], at: 1},
	{event: 'stopping', services: ['a'], containers: ['a1'], at: 1},
	{event: 'restored', services: ['a'], at: 1},
	{event: 'lost', text: 't', removed: 5, backup: '/b', at: 1},
	{event: 'note', text: 't', at: 1},
	{event: 'check', ...check, at: 1},
	{event: 'aborting', reason: 'r', at: 1},
	{event: 'finished', result: 'failed', checks: [check], elapsedMs: 1, error: 'e', at: 2},
];

describe('a line of a journal', () => {
	it.each(every)('is read as it was written: $event', (event) => {
		expect(parseLine(JSON.stringify(event))).toEqual(JSON.parse(JSON.stringify(event)));
	});

	it.each([
		['torn', '{"event":"lost","te'],
		['of a kind that is not known', '{"event":"blessed","at":1}'],
		['without a time', '{"event":"lost","text":"x"}'],
		['with a list where a text is', '{"event":"lost","text":["x"],"at":1}'],
		['whose services are none', '{"event":"stopping","services":"a","at":1}'],
		['whose result is none', '{"event":"finished","result":"great","checks":[],"elapsedMs":1,"at":1}'],
		['no object', '[1]'],
		['with a group of processes as its process', JSON.stringify(started({pid: -1}))],
	])('is left out where it is one %s', (_, line) => {
		expect(parseLine(line)).toBeUndefined();
	});

	it('is safe for a terminal whoever wrote it', () => {
		const line = JSON.stringify({event: 'lost', text: 'a\u001b]52;c;eA==\u0007b\u202ec\nd', at: 1});
		expect(parseLine(line)).toEqual({event: 'lost', text: 'abc d', at: 1});
		const title = parseLine(JSON.stringify(started({title: '\u001b[31mred', user: '\u001b[2Jana'})));
		expect(title).toMatchObject({title: 'red', user: 'ana'});
	});

	it('of a newer version is read for what is known of it', () => {
		const line = JSON.stringify({
			...started(),
			mood: 'calm',
			steps: [{id: 'a', title: 'A', text: '', risk: 1}],
		});
		expect(parseLine(line)).toMatchObject({event: 'started', steps: [{id: 'a', title: 'A', text: ''}]});
	});

	it('of 0.1 is read without what it lacks', () => {
		const {confirmed: _, backup: __, ...old} = started();
		expect(parseLine(JSON.stringify(old))).toMatchObject({event: 'started', run: started().run});
	});
});

describe('readLines', () => {
	it('counts the lines that could not be read', async () => {
		const path = join((await tempPlace()).runs, 'a.jsonl');
		const lines = [started(), {event: 'blessed', at: 2}, {event: 'lost', text: 'x', at: 3}];
		writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"event":"fin`);
		const {events, unread} = readLines(path);
		expect(events.map(({event}) => event)).toEqual(['started', 'lost']);
		expect(unread).toBe(2);
	});

	it('reads a huge journal up to a bound', async () => {
		const path = join((await tempPlace()).runs, 'a.jsonl');
		writeFileSync(path, `${JSON.stringify(started())}\n`);
		// A file with a hole: nothing is written, and all of it would be read.
		truncateSync(path, 4 * 2 ** 30);
		const {events, unread} = readLines(path);
		expect(events).toHaveLength(1);
		expect(unread).toBe(1);
	});

	it('follows no link, and waits for no pipe', async () => {
		const place = await tempPlace();
		const target = join(place.root, 'target');
		writeFileSync(target, `${JSON.stringify(started())}\n`);
		symlinkSync(target, join(place.runs, 'a.jsonl'));
		expect(() => readLines(join(place.runs, 'a.jsonl'))).toThrow(
			'is a link, and jetmedic follows no link there',
		);
		spawnSync('mkfifo', [join(place.runs, 'b.jsonl')]);
		expect(() => readLines(join(place.runs, 'b.jsonl'))).toThrow('is not a file');
		mkdirSync(join(place.runs, 'c.jsonl'));
		expect(() => readLines(join(place.runs, 'c.jsonl'))).toThrow('is not a file');
		expect(newestRun(place)).toBeUndefined();
		expect(incidentReport(place)).toContain('No runbook was run');
		rmSync(join(place.runs, 'c.jsonl'), {recursive: true});
	});
});

describe('the journal of a run with secrets', () => {
	it('hides exactly what the configuration holds, and keeps what a resume needs', async () => {
		const journal = createJournal(await tempPlace(), 'a', [/titan/g, /correct horse/g]);
		journal.write({event: 'lost', text: 'the server said: correct horse is wrong', at: 1});
		journal.write({event: 'stopping', services: ['titan-brain'], at: 2});
		journal.close();
		expect(readLines(journal.path).events).toEqual([
			{event: 'lost', text: 'the server said: *** is wrong', at: 1},
			{event: 'stopping', services: ['titan-brain'], at: 2},
		]);
	});

	it('shows no half of a secret that a long text is cut in', async () => {
		const seed = `SU${'A7'.repeat(28)}`;
		const journal = createJournal(await tempPlace(), 'a');
		journal.write({event: 'lost', text: `${'x '.repeat(985)}${seed} and more than there is room for`, at: 1});
		journal.close();
		expect(JSON.stringify(readLines(journal.path).events)).not.toContain('SUA7');
	});
});
