/** The escalation of an incident on a real deployment, without a console. Runs inside `lab exec`. */
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {readEscalation} from '../../source/records/escalation-record.ts';
import {readIncident, startIncident} from '../../source/records/incident.ts';
import {placeAt} from '../../source/records/place.ts';
import {isAlive} from '../../source/records/process.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';
import {escalates, hook, pager, recordOf, waiting} from './pager.ts';
import {jetmedic, restore} from './scene.ts';

const restart = ['run', 'restart', '--yes', '--json'];

describe('the escalation', {timeout: 90_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('of a run that does not end in time gives the report to a command and a webhook, each once', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		const chat = await hook();
		const place = await escalates(
			state,
			state,
			4,
			phone.command,
			`webhook: {url: "${chat.url}", headers: {X-Key: "$\{KEY}"}}`,
		);
		await breakFault('brain-down');
		const run = jetmedic(restart, {state, env: {KEY: 's3cret-key'}});
		await run.step('preflight');
		await until('both were told', () => recordOf(place)?.deliveredAt, 30_000);
		const [report] = phone.got();
		expect(report).toMatch(/^--critical titan running\n# titan on .+ is not mended after \d+ s\n/);
		expect(report).toContain('titan-brain is down');
		expect(report).toContain('restart titan-nats');
		expect(chat.got).toHaveLength(1);
		expect(chat.got[0]).toMatchObject({
			headers: {'x-key': 's3cret-key', 'content-type': 'application/json; charset=utf-8'},
			body: {deployment: 'titan', run: {result: 'running'}, text: report?.slice(report.indexOf('#'))},
		});
		// Neither another run nor a look tells anybody again.
		run.child.kill('SIGKILL');
		const record = recordOf(place);
		await until('the process is gone', () => !isAlive(record!.pid, record!.pidStart));
		const second = jetmedic(restart, {state, env: {KEY: 's3cret-key'}});
		await second.step('preflight', 'done');
		second.child.kill('SIGKILL');
		const look = await jetmedic(['check', '--json'], {state, env: {KEY: 's3cret-key'}}).ended();
		expect(JSON.parse(look.stdout).state.escalation).toMatchObject({
			delivered: ['pager', expect.stringMatching(/^127\.0\.0\.1:/)],
			alive: false,
		});
		expect(look.stdout).not.toMatch(/s3cret/);
		expect(phone.got()).toHaveLength(1);
		expect(chat.got).toHaveLength(1);
	});

	it('tells nobody of a run that mended it', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		const place = await escalates(state, state, 30, phone.command);
		const run = jetmedic(restart, {state});
		const record = await waiting(place);
		expect((await run.ended()).code).toBe(0);
		await until('nobody waits any more', () => !isAlive(record.pid, record.pidStart));
		expect(readIncident(place)).toBeUndefined();
		expect(phone.got()).toEqual([]);
	});

	it('tells nobody of what is well when its time has come, and ends the incident', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		const place = await escalates(state, state, 3, phone.command);
		startIncident(place, Date.now());
		expect(await jetmedic(['escalate'], {state}).ended()).toMatchObject({code: 0, stderr: ''});
		expect(existsSync(place.incident)).toBe(false);
		expect(phone.got()).toEqual([]);
	});

	it('is done once by many processes at once, and goes on when the one that waits is killed', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		const place = await escalates(state, state, 8, phone.command);
		await breakFault('nats-stopped');
		startIncident(place, Date.now());
		const first = Array.from({length: 4}, () => jetmedic(['escalate'], {state}));
		const {pid} = await waiting(place);
		await until(
			'the others have ended',
			() => first.filter(({child}) => child.exitCode === 0).length === 3,
			20_000,
		);
		process.kill(pid, 'SIGKILL');
		const second = Array.from({length: 4}, () => jetmedic(['escalate'], {state}));
		await waiting(place, pid);
		for (const one of second) {
			expect(await one.ended()).toMatchObject({code: 0, stderr: ''});
		}
		expect(recordOf(place)?.deliveredAt).toBeGreaterThan(0);
		expect(phone.got()).toHaveLength(1);
	});

	it('that reaches nobody is a finding, with why', async () => {
		const state = await tempFolder();
		const phone = await pager(state, 7);
		const chat = await hook(500);
		const place = await escalates(state, state, 3, phone.command, `webhook: {url: "${chat.url}"}`);
		await breakFault('nats-stopped');
		startIncident(place, Date.now());
		expect(await jetmedic(['escalate'], {state}).ended()).toMatchObject({code: 1, stderr: ''});
		expect(phone.got()).toHaveLength(3);
		expect(chat.got).toHaveLength(3);
		const {code, stdout} = await jetmedic(['check'], {state}).ended();
		expect(code).toBe(2);
		expect(stdout).toMatch(
			/CRITICAL The escalation reached nobody: pager: it ended with code 7: the line is busy; 127\.0\.0\.1:\d+: HTTP 500 {2}→ {2}call the on-call lead yourself/,
		);
		expect(stdout).not.toMatch(/s3cret/);
	});

	it('takes no lock, no run and no right to change anything: it works read-only', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		const place = await escalates(state, state, 3, phone.command);
		await breakFault('nats-stopped');
		startIncident(place, Date.now());
		const env = {JETMEDIC_READ_ONLY: '1'};
		expect(await jetmedic(['escalate'], {state, env}).ended()).toMatchObject({code: 0, stderr: ''});
		expect(phone.got()).toHaveLength(1);
		// The incident goes on, and nothing is left to do.
		expect(await jetmedic(['escalate'], {state, env}).ended()).toMatchObject({code: 0, stderr: ''});
		expect(phone.got()).toHaveLength(1);
	});

	it('is told once where nothing can be written, by one that stays until it can', async () => {
		const state = await tempFolder();
		const phone = await pager(state);
		await escalates(state, state, 3, phone.command);
		await breakFault('nats-stopped');
		const records = join(state, 'jetmedic');
		writeFileSync(records, 'a file where the folder should be');
		const since = Date.now();
		const escalate = () => jetmedic(['escalate', `--since=${since}`], {state});
		const first = escalate();
		await until('somebody was told', () => phone.got().join('').includes('titan-nats is down'), 30_000);
		expect(await escalate().ended()).toMatchObject({code: 0, stderr: ''});
		expect(first.child.exitCode).toBeNull();
		rmSync(records);
		expect(await first.ended()).toMatchObject({code: 0, stderr: ''});
		const [folder] = readdirSync(records);
		expect(readEscalation(placeAt(join(records, folder!)), since)).toMatchObject({delivered: ['pager']});
		expect(phone.got()).toHaveLength(1);
	});
});
