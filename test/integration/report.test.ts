/** What a run leaves behind: its journal, the looks before and after, the report, and no secret. Runs inside `lab exec`. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import type {JournalEvent, Look} from '../../source/records/event.ts';
import {tempFolder} from '../config/temp.ts';
import {guarded, guardedServer} from './guarded-server.ts';
import {consumeOwn, jetmedic, makeOwnStream, own, ownFlags, type Program, restore} from './scene.ts';

type Recorded = {outcome: string; events: JournalEvent[]; unreadLines: number; stopped: string[]};

async function reportOf(state: string, ...args: string[]): Promise<{markdown: string; recorded: Recorded}> {
	const markdown = await jetmedic(['report', ...args], {state}).ended();
	expect(markdown).toMatchObject({code: 0, stderr: ''});
	const json = await jetmedic(['report', '--json', ...args], {state}).ended();
	return {markdown: markdown.stdout, recorded: JSON.parse(json.stdout) as Recorded};
}

const lookOf = (events: JournalEvent[], when: 'before' | 'after'): Look & {at: number} =>
	events.find((event) => event.event === 'snapshot' && event.when === when) as unknown as Look & {at: number};

/** Where an event stands among the others. */
const place = (events: JournalEvent[], fits: (event: JournalEvent) => boolean): number =>
	events.findIndex(fits);

/** The look before is written before whatever is touched first. */
function expectLookedBefore(events: JournalEvent[]): void {
	const look = place(events, (event) => event.event === 'snapshot');
	const touch = place(
		events,
		(event) => event.event === 'step' && event.step !== 'preflight' && event.status === 'running',
	);
	expect(look).toBeGreaterThan(0);
	expect(look).toBeLessThan(touch);
}

describe('the record of a run', {timeout: 120_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('of a restart has the deployment before and after', async () => {
		const state = await tempFolder();
		const run = jetmedic(['run', 'restart', '--yes', '--json'], {state});
		expect((await run.ended()).code).toBe(0);
		const {markdown, recorded} = await reportOf(state);
		expectLookedBefore(recorded.events);
		for (const when of ['before', 'after'] as const) {
			const look = lookOf(recorded.events, when);
			expect(look.unanswered).toEqual([]);
			expect(look.server).toEqual({healthz: 'ok'});
			expect(look.containers).toHaveLength(5);
			expect(look.containers).toContainEqual({service: 'titan-nats', status: 'running', health: 'healthy'});
			expect(look.streams?.[0]).toMatchObject({name: 'TITAN_INTENTS'});
			expect(look.streams?.[0]?.consumers?.map(({name}) => name)).toContain('execution-consumer');
		}
		expect(markdown).toContain('| container titan-nats | running, healthy | running, healthy |');
		expect(markdown).toContain('**VERIFIED**');
		expect(markdown).toContain('`docker compose -p titan restart titan-nats`');
		expect(markdown).toContain('Nothing: no message was removed.');
	});

	it('of a purge has the figures of the stream, and the backup', async () => {
		const state = await tempFolder();
		await makeOwnStream(2500);
		const run = jetmedic(['run', 'purge', '--yes', '--json', ...ownFlags], {state});
		await run.event(({event}) => event === 'lost', 'it has purged');
		await consumeOwn();
		expect((await run.ended()).code).toBe(0);
		const {markdown, recorded} = await reportOf(state);
		expectLookedBefore(recorded.events);
		expect(lookOf(recorded.events, 'before').streams?.[0]).toMatchObject({
			name: own.stream,
			messages: 2500,
			firstSeq: 1,
			lastSeq: 2500,
			consumers: [{name: own.consumer, lag: 2500, ackPending: 0, floor: 0}],
		});
		expect(lookOf(recorded.events, 'after').streams?.[0]).toMatchObject({
			messages: 1000,
			firstSeq: 1501,
			lastSeq: 2500,
		});
		expect(markdown).toContain(`| ${own.stream}: messages | 2,500 | 1,000 |`);
		expect(markdown).toContain('1,500 messages removed');
		const lost = recorded.events.find((event) => event.event === 'lost');
		expect(lost).toMatchObject({removed: 1500, backup: expect.stringContaining('/backups/')});
		const {backup} = lost as {backup: string};
		expect(readdirSync(backup)).toContain('stream.tar.s2');
		expect(markdown).toContain(`nats stream restore ${backup}`);
	});

	it('of a full recovery names what was stopped and that it runs again', async () => {
		const state = await tempFolder();
		const run = jetmedic(['run', 'recover', '--yes', '--json'], {state});
		expect((await run.ended()).code).toBe(0);
		const {markdown, recorded} = await reportOf(state);
		expectLookedBefore(recorded.events);
		const before = lookOf(recorded.events, 'before').streams![0]!;
		const after = lookOf(recorded.events, 'after').streams![0]!;
		expect(after.firstSeq).toBeGreaterThan(before.lastSeq);
		expect(markdown).toMatch(/services are being stopped \| .*titan-brain/);
		expect(markdown).toMatch(/services run again \| .*titan-brain/);
		expect(markdown).toContain('by the journal, every service that was stopped was started again');
	});

	it('of one that is killed is whole, and says unfinished', async () => {
		const state = await tempFolder();
		const run = jetmedic(['run', 'recover', '--yes', '--json'], {state});
		await run.event(({event}) => event === 'stopping', 'it stops services');
		run.child.kill('SIGKILL');
		await run.ended();
		const {markdown, recorded} = await reportOf(state);
		expect(recorded).toMatchObject({outcome: 'unfinished', unreadLines: 0});
		expect(recorded.stopped).toContain('titan-brain');
		expectLookedBefore(recorded.events);
		expect(markdown).toContain('**UNFINISHED**');
		expect(markdown).toMatch(/docker compose -p titan start .*titan-brain/);
	});

	it('does not wait for a server that hangs', async () => {
		const state = await tempFolder();
		await breakFault('nats-paused');
		const run = jetmedic(['run', 'restart', '--yes', '--json'], {state});
		expect((await run.ended()).code).toBe(0);
		const {markdown, recorded} = await reportOf(state);
		const before = lookOf(recorded.events, 'before');
		expect(before.unanswered.join(' ')).toContain('NATS gave no answer in 300 ms.');
		expect(before.containers).toContainEqual(
			expect.objectContaining({service: 'titan-nats', status: 'paused'}),
		);
		expect(before.streams).toBeUndefined();
		// On a busy machine timers are late; a wait for the server itself would be two seconds and more.
		expect(before.elapsedMs).toBeLessThan(1000);
		expect(markdown).toContain('| TITAN_INTENTS: messages | unknown |');
	});

	it('is found by the beginning of its name, and an unknown one is told the last ones', async () => {
		const state = await tempFolder();
		await jetmedic(['run', 'purge', '--yes', '--stream', 'NO_SUCH_STREAM'], {state}).ended();
		const list = await jetmedic(['report', '--list'], {state}).ended();
		const [id] = list.stdout.split(' ');
		expect(list.stdout).toContain('failed');
		const {markdown} = await reportOf(state, id!.slice(0, -3));
		expect(markdown).toContain(`\`${id}\``);
		expect(markdown).toContain('**FAILED**');
		const unknown = await jetmedic(['report', 'nosuch'], {state}).ended();
		expect(unknown).toMatchObject({code: 1, stdout: ''});
		expect(unknown.stderr).toContain('There is no run "nosuch"');
		expect(unknown.stderr).toContain(id);
	});
});

describe('no secret', {timeout: 120_000}, () => {
	// An @ and a % as they are in passwords: each layer writes them in another way.
	const password = 'Corr3ct%Horse@9';
	const web = 'b4ttery-Stapl3';
	const token = 'tok-B4ttery9Staple';

	const configuration = (nats: string): string => `
nats:
  service: ${guarded.service}
  monitor: ${guarded.monitor}
${nats}
stream: ${guarded.stream}
consumer: guard
keep: 10
health:
  - {name: brain, service: titan-brain, url: 'http://ana:${web}@127.0.0.1:3100/health', healthy: 'nothing.here', show: 'status'}
metrics:
  - {name: sentinel, service: titan-sentinel, url: 'http://127.0.0.1:3002/metrics?token=${web}', lag: no_such_metric}
`;

	/** All that was printed, and every file of the state folder. */
	async function everything(state: string, programs: Program[]): Promise<string> {
		const ends = await Promise.all(programs.map((program) => program.ended()));
		const files = readdirSync(join(state, 'jetmedic'), {recursive: true, withFileTypes: true})
			.filter((entry) => entry.isFile() && !entry.name.endsWith('.s2'))
			.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
		return [...ends.flatMap(({stdout, stderr}) => [stdout, stderr]), ...files].join('\n');
	}

	function expectNoSecret(text: string): void {
		for (const secret of [password, web, token]) {
			for (const form of [
				secret,
				encodeURIComponent(secret),
				Buffer.from(secret).toString('base64').replace(/=+$/, ''),
				Buffer.from(`ana:${secret}`).toString('base64'),
			]) {
				expect(text).not.toContain(form);
			}
		}
	}

	// The lab's environment names its own server, and would go before the file.
	const env = {NATS_URL: ''};
	const address = `nats://ana:${encodeURIComponent(password)}@${guarded.url}`;

	it.each([
		[
			'user and password',
			['--user', 'ana', '--pass', password],
			{user: 'ana', pass: password},
			`  url: ${guarded.url}\n  user: ana\n  password: '${password}'`,
		],
		['a token', ['--auth', token], {token}, `  url: ${guarded.url}\n  token: ${token}`],
		[
			'both in the address',
			['--user', 'ana', '--pass', password],
			{user: 'ana', pass: password},
			`  url: '${address}'`,
		],
	])('of %s is written or printed by a run', async (_, args, login, nats) => {
		await guardedServer(args, login, 50);
		const state = await tempFolder({'config.yaml': configuration(nats)});
		const flags = ['--config', 'config.yaml'];
		const run = jetmedic(['run', 'purge', '--yes', '--json', ...flags], {state, env});
		await run.event(({event}) => event === 'lost', 'it got in, and purged');
		// The checks of the endpoints can't hold, so that what is wrong with them is told: no need to wait for it.
		await run.event(({event}) => event === 'check', 'it verifies');
		run.child.kill('SIGTERM');
		await run.ended();
		const programs = [
			run,
			jetmedic(['run', 'purge', '--dry-run', ...flags], {state, env}),
			jetmedic(['check', '--json', ...flags], {state, env}),
			jetmedic(['report', ...flags], {state, env}),
		];
		const text = await everything(state, programs);
		expect(text).toContain('40 messages');
		expectNoSecret(text);
	});

	it.each([
		['password', `  url: ${guarded.url}\n  user: ana\n  password: '${password}'`],
		['token', `  url: ${guarded.url}\n  token: ${token}`],
		['address', `  url: '${address}'`],
		['address that is none', `  url: 'nats://ana:${password}@@:x'`],
	])('of a refused %s is written or printed', async (_, nats) => {
		await guardedServer(['--user', 'eve', '--pass', 'another'], {user: 'eve', pass: 'another'}, 1);
		const state = await tempFolder({'config.yaml': configuration(nats)});
		const flags = ['--config', 'config.yaml'];
		const run = jetmedic(['run', 'purge', '--yes', ...flags], {state, env});
		expect((await run.ended()).code).toBe(1);
		const text = await everything(state, [
			run,
			jetmedic(['run', 'purge', '--dry-run', '--json', ...flags], {state, env}),
			jetmedic(['check', '--json', ...flags], {state, env}),
			jetmedic(['check', ...flags], {state, env}),
			jetmedic(['report', ...flags], {state, env}),
			jetmedic(['check', ...flags], {state, env: {...env, DOCKER_HOST: `tcp://ana:${web}@127.0.0.1:1`}}),
		]);
		expect(text).toContain('"event":"started"');
		expectNoSecret(text);
	});
});
