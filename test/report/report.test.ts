import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {JournalEvent, Look} from '../../source/records/event.ts';
import {appendFindings, type FindingNote} from '../../source/records/finding-history.ts';
import {startIncident} from '../../source/records/incident.ts';
import {noteTransfer} from '../../source/records/transfer-history.ts';
import {incidentReport} from '../../source/report/incident-report.ts';
import {block, code, escapeText} from '../../source/report/markdown.ts';
import {findRuns} from '../../source/report/recorded.ts';
import {started, tempPlace} from '../runbook/fixture.ts';

const where = {
	engine: 'unix:///var/run/docker.sock',
	project: 'titan',
	nats: 'nats://127.0.0.1:4222',
	stream: 'TITAN_INTENTS',
	consumer: 'execution-consumer',
};

const look = (messages: number, changes: Partial<Look> = {}): Look => ({
	elapsedMs: 20,
	unanswered: [],
	containers: [{service: 'titan-nats', status: 'running', health: 'healthy'}],
	server: {healthz: 'ok'},
	streams: [
		{
			name: 'TITAN_INTENTS',
			messages,
			bytes: messages * 100,
			firstSeq: 5001 - messages,
			lastSeq: 5000,
			consumers: [{name: 'execution-consumer', lag: 7, ackPending: 3, floor: 4990, redelivered: 1}],
		},
	],
	...changes,
});

const backup = '/var/lib/jetmedic/titan/backups/TITAN_INTENTS-20261124T140311Z';

/** A full recovery as its journal tells it. */
const recovery: JournalEvent[] = [
	started({
		where,
		steps: ['preflight', 'stop', 'purge', 'start', 'verify'].map((id) => ({id, title: id, text: id})),
	}),
	{event: 'step', step: 'preflight', status: 'running', at: 1001},
	{event: 'preflight', checks: [{name: 'JetStream', ok: true, evidence: 'on, 1 stream'}], at: 1002},
	{event: 'step', step: 'preflight', status: 'done', text: '1 of 1 checks', at: 1003},
	{event: 'snapshot', when: 'before', ...look(5000), at: 1004},
	{
		event: 'step',
		step: 'stop',
		status: 'running',
		command: 'docker compose -p titan stop titan-brain',
		at: 1005,
	},
	{event: 'stopping', services: ['titan-brain'], at: 1006},
	{event: 'step', step: 'stop', status: 'done', text: 'titan-brain', at: 2005},
	{
		event: 'step',
		step: 'purge',
		status: 'running',
		command: 'nats stream purge TITAN_INTENTS --force',
		at: 2006,
	},
	{event: 'lost', text: `5,000 messages. All are in the backup ${backup}.`, removed: 5000, backup, at: 2007},
	{event: 'step', step: 'purge', status: 'done', text: '5,000 messages removed, 0 left', at: 2506},
	{event: 'restored', services: ['titan-brain'], at: 2507},
	{event: 'step', step: 'start', status: 'done', text: 'titan-brain', at: 2508},
	{event: 'check', name: '/healthz ok', ok: true, evidence: 'ok in 2 ms', at: 2600},
	{event: 'step', step: 'verify', status: 'done', text: '1 check', at: 2601},
	{event: 'snapshot', when: 'after', ...look(0), at: 2602},
	{
		event: 'finished',
		result: 'verified',
		checks: [{name: '/healthz ok', ok: true, evidence: 'ok in 2 ms'}],
		elapsedMs: 1700,
		at: 2700,
	},
];

type Record = {events?: readonly JournalEvent[]; notes?: FindingNote[]; more?: string; incident?: boolean};

async function reported({
	events = recovery,
	notes = [],
	more = '',
	incident = false,
}: Record): Promise<string> {
	const place = await tempPlace();
	const path = join(place.runs, '20261123T140311-000-recover-1.jsonl');
	writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
	appendFileSync(path, more);
	appendFindings(place, notes);
	if (incident) {
		startIncident(place, 500);
	}
	return incidentReport(place, {deployment: 'titan'});
}

/** The cells of the rows of all tables. */
const rows = (markdown: string): string[][] =>
	markdown
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.slice(2, -2)
				.split(/(?<!\\)\|/)
				.map((cell) => cell.trim()),
		);

const headings = (markdown: string): string[] => markdown.split('\n').filter((line) => /^#/.test(line));

const note = (at: number, change: FindingNote['change'], title = 'titan-nats is down'): FindingNote => ({
	at,
	change,
	id: 'nats-down',
	severity: 'critical',
	title,
	evidence: 'exited (137)',
});

describe('the report of a run', () => {
	it('has its chapters', async () => {
		expect(headings(await reported({}))).toEqual([
			'# Incident report: titan',
			'## Timeline',
			'## Run: full recovery of TITAN_INTENTS',
			'### What was done',
			'### Evidence',
			'### Before and after',
			'### What was lost',
			'## What is still stopped',
			'## What to do next',
		]);
	});

	it('says who, where, when, and how it ended', async () => {
		expect(rows(await reported({}))).toEqual(
			expect.arrayContaining([
				['deployment', 'titan'],
				['host', 'prod-1'],
				['result', '**VERIFIED** after 1.7 s: every check after the run held'],
				['started', '1970-01-01 00:00:01 UTC'],
				['by', 'ana, ssh from 10.0.0.7, on prod-1'],
				['Docker engine', '`unix:///var/run/docker.sock`, project `titan`'],
				['NATS', '`nats://127.0.0.1:4222`'],
				['jetmedic', '0.1.0'],
			]),
		);
	});

	it('tells findings and steps in the order of their time, with durations and commands', async () => {
		const markdown = await reported({notes: [note(600, 'appeared'), note(2550, 'went')], incident: true});
		const line = rows(markdown).filter(([time]) => /^1970-01-01 00:00:0\d\./.test(time ?? ''));
		expect(line.map(([time]) => time)).toEqual(line.map(([time]) => time).toSorted());
		expect(line.map((cells) => cells.slice(1))).toEqual(
			expect.arrayContaining([
				['**the incident began**', 'the escalation clock started'],
				['finding (critical): titan-nats is down', 'exited (137)'],
				['finding gone: titan-nats is down', ''],
				['step `purge` begins', '`nats stream purge TITAN_INTENTS --force`'],
				['step `purge` done after 500 ms', '5,000 messages removed, 0 left'],
				['services are being stopped', 'titan-brain'],
				['**run ended: VERIFIED** after 1.7 s', ''],
			]),
		);
	});

	it('tells of backups and restores that were done by themselves, and of no secret in them', async () => {
		const place = await tempPlace();
		const folder = '/backups/TITAN_INTENTS-1';
		startIncident(place, Date.now() - 1000);
		const what = {what: 'restore', stream: 'TITAN_INTENTS', folder} as const;
		const ended = noteTransfer(place, what, {USER: 'ana', SSH_CONNECTION: '10.0.0.7 1 2 3'}, [/hunter2/g]);
		ended('failed', 'Not restored: hunter2 is refused.');
		expect(rows(incidentReport(place, {deployment: 'titan'})).map((cells) => cells.slice(1))).toEqual(
			expect.arrayContaining([
				[
					'**restore** of TITAN_INTENTS begins',
					expect.stringMatching(/^by .* \(ssh from 10\.0\.0\.7\), `\/backups\/TITAN_INTENTS-1`$/),
				],
				['**restore** of TITAN_INTENTS failed', 'Not restored: \\*\\*\\* is refused.'],
			]),
		);
	});

	it('tells what is to be known of the run besides', async () => {
		const text = 'Runs of other hosts are not kept out.';
		const events: JournalEvent[] = [recovery[0]!, {event: 'note', text, at: 1001}, ...recovery.slice(1)];
		expect(rows(await reported({events}))).toContainEqual(['1970-01-01 00:00:01.001', 'note', text]);
	});

	it('shows before and after side by side, and the evidence of both', async () => {
		expect(rows(await reported({}))).toEqual(
			expect.arrayContaining([
				['container titan-nats', 'running, healthy', 'running, healthy'],
				['server `/healthz`', 'ok', 'ok'],
				['TITAN_INTENTS: messages', '5,000', '0'],
				['TITAN_INTENTS: first sequence', '1', '5,001'],
				[
					'consumer execution-consumer',
					'lag 7, ack pending 3, floor 4,990, redelivered 1',
					'lag 7, ack pending 3, floor 4,990, redelivered 1',
				],
				['before', 'JetStream', 'holds', 'on, 1 stream'],
				['after', '/healthz ok', 'holds', 'ok in 2 ms'],
			]),
		);
	});

	it('says what gave no answer, and never takes that for zero', async () => {
		const events = recovery.map((event) =>
			event.event === 'snapshot' && event.when === 'before'
				? {
						event: 'snapshot' as const,
						when: 'before' as const,
						elapsedMs: 300,
						unanswered: ['NATS gave no answer in 300 ms.'],
						at: 1004,
					}
				: event,
		);
		const markdown = await reported({events});
		expect(rows(markdown)).toEqual(expect.arrayContaining([['TITAN_INTENTS: messages', 'unknown', '0']]));
		expect(markdown).toContain('- Before: NATS gave no answer in 300 ms.');
	});

	it('says what was lost, where it is, and how it comes back', async () => {
		const markdown = await reported({});
		expect(markdown).toContain(`- 5,000 messages. All are in the backup ${backup}.`);
		expect(markdown).toContain(`\njetmedic restore ${backup}\n`);
		expect(markdown).toContain(`\nnats stream restore ${backup}\n`);
		expect(markdown).toContain('5,000 messages removed');
	});

	it('of a run that was killed says unfinished, what is stopped, and what to do', async () => {
		const markdown = await reported({events: recovery.slice(0, 9), more: '{"event":"lost","te'});
		expect(markdown).toContain('**UNFINISHED**');
		expect(rows(markdown)).toEqual(
			expect.arrayContaining([
				['not readable', '1 line of the journal: torn, or of a newer version'],
				['4', 'start', 'not begun', '', 'would do: start'],
			]),
		);
		expect(markdown).toContain('docker compose -p titan start titan-brain');
		expect(markdown).toContain('It was killed in its purge');
		expect(markdown).toContain('There is no look at the deployment from after the run.');
		expect(markdown).toContain('a purge was begun: read the stream before trusting that');
	});

	it('of one that proved nothing names the checks that do not hold', async () => {
		const checks = [{name: 'containers running and healthy', ok: false, evidence: 'titan-brain exited'}];
		const events: JournalEvent[] = [
			...recovery.slice(0, -1),
			{event: 'finished', result: 'unverified', checks, elapsedMs: 1, at: 2700},
		];
		const markdown = await reported({events});
		expect(markdown).toContain(
			'- containers running and healthy does not hold (titan-brain exited): look at `docker compose -p titan ps -a`',
		);
		expect(markdown).toContain('escalate to the on-call lead');
		expect(markdown).not.toContain('Nothing has to be done');
	});

	it('without any run says so', async () => {
		expect(incidentReport(await tempPlace())).toContain('No runbook was run.');
	});

	it('is of all runs since the incident began, and of no earlier one', async () => {
		const place = await tempPlace();
		for (const [id, at] of [
			['20261123T1-a', 100],
			['20261123T2-b', 600],
			['20261123T3-c', 700],
		] as const) {
			writeFileSync(join(place.runs, `${id}.jsonl`), `${JSON.stringify(started({run: id, at}))}\n`);
		}
		startIncident(place, 600);
		const markdown = incidentReport(place);
		expect(markdown).not.toContain('20261123T1-a');
		expect(markdown).toContain('20261123T2-b');
		expect(markdown).toContain('20261123T3-c');
		expect(findRuns(place, '20261123T2').map(({state}) => state.id)).toEqual(['20261123T2-b']);
		expect(findRuns(place, '20261123T')).toHaveLength(2);
		expect(findRuns(place, '../runs')).toEqual([]);
	});
});

const hostile = [
	'a | b',
	'a \\| b',
	'<script>alert(1)</script>',
	'<img src=x onerror=alert(1)>',
	'[click](http://evil.example)',
	'![x](http://evil.example/x.png)',
	'http://evil.example www.evil.example a@evil.example',
	'`</code>`',
	'``` x',
	'# heading',
	'**bold** _it_ ~~gone~~',
	'&lt;b&gt; &#60;',
	'line\nbreak | x\r\n## two',
	'\u001b]8;;http://evil.example\u0007x',
	'---',
	'1. one',
	'\\',
	'$x$',
];

describe('the Markdown of a hostile text', () => {
	it.each(hostile)('keeps its table, and brings nothing of its own in: %j', async (text) => {
		const events = recovery.map((event) =>
			event.event === 'started'
				? {
						...event,
						title: text,
						user: text,
						origin: text,
						where: {...where, project: text, stream: text, consumer: text},
						steps: event.steps.map((step) => ({...step, title: text, text, command: text})),
					}
				: event.event === 'snapshot'
					? {
							...event,
							containers: [{service: text, status: text, health: text}],
							server: {healthz: text, error: text},
							unanswered: [text],
							streams: [
								{
									name: text,
									messages: 1,
									bytes: 1,
									firstSeq: 1,
									lastSeq: 1,
									consumers: [{name: text, lag: 0, ackPending: 0, floor: 0, redelivered: 0}],
								},
							],
						}
					: event.event === 'lost'
						? {...event, text, backup: text}
						: event.event === 'finished'
							? {
									...event,
									result: 'unverified' as const,
									error: text,
									checks: [{name: text, ok: false, evidence: text}],
								}
							: event,
		);
		const markdown = await reported({events, notes: [note(900, 'appeared', text)]});
		const plain = await reported({notes: [note(900, 'appeared')]});
		const outsideBlocks = markdown.replace(/^(`{3,})sh\n.*?\n\1$/gms, '');
		expect(headings(outsideBlocks)).toHaveLength(headings(plain).length);
		const outsideCode = outsideBlocks.replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/gs, 'CODE');
		expect(outsideCode).not.toMatch(/<[a-z/!]/i);
		expect(outsideCode).not.toMatch(/(?<!\\)\[|(?<!\\)\]/);
		expect(outsideCode).not.toMatch(/https?:\/\/|www\.evil|@/);
		expect(markdown).not.toContain('\u001b');
		// Each table has the same number of cells in all its rows.
		let columns = 0;
		for (const line of markdown.split('\n')) {
			const cells = line.startsWith('|') ? line.slice(1, -1).split(/(?<!(?<!\\)(?:\\\\)*\\)\|/).length : 0;
			if (columns > 0 && cells > 0) {
				expect(cells, line).toBe(columns);
			}
			columns = cells;
		}
	});

	it('leaves what is read at night as it is', () => {
		for (const text of [
			'TITAN_INTENTS',
			'12,345 messages, 3.5 MiB',
			'floor 5 → 6 in 87 ms',
			'0.1.0',
			"can't be (quite) so!",
		]) {
			expect(escapeText(text)).toBe(text);
		}
	});

	it('finds a fence for any code', () => {
		expect(code('a`b')).toBe('``a`b``');
		expect(code('`a')).toBe('`` `a ``');
		expect(code('a | b')).toBe('`a \\| b`');
		expect(block(['a', '``` b'])).toEqual(['````sh', 'a', '``` b', '````']);
	});
});
