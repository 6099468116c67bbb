/** The three runbooks on a real deployment. Runs inside `lab exec`, which names the lab and its engine. */
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {headers} from 'nats';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';
import {
	clients,
	consumeOwn,
	container,
	docker,
	expectAllRunning,
	isThere,
	jetmedic,
	makeOwnStream,
	own,
	ownFlags,
	publish,
	restore,
	running,
	startTimes,
	streamState,
	withNats,
} from './scene.ts';

const recover = ['run', 'recover', '--yes', '--json'];
const purge = ['run', 'purge', '--yes', '--json'];
const restart = ['run', 'restart', '--yes', '--json'];

const journalsIn = (state: string) =>
	readdirSync(placeIn(state).runs).map((name) => join(placeIn(state).runs, name));

describe('a run', {timeout: 90_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	describe('restart', () => {
		it('is verified, and its journal is what it printed', async () => {
			const state = await tempFolder();
			const before = await startTimes();
			const run = jetmedic(restart, {state});
			expect(await run.ended()).toMatchObject({code: 0, stderr: ''});
			expect(run.result()).toMatchObject({result: 'verified'});
			expect(run.result()?.checks.every(({ok}) => ok)).toBe(true);
			const [journal] = journalsIn(state);
			expect(readFileSync(journal!, 'utf8')).toBe(`${run.lines.join('\n')}\n`);
			const after = await startTimes();
			expect(after['titan-nats']).not.toBe(before['titan-nats']);
			expect({...after, 'titan-nats': ''}).toEqual({...before, 'titan-nats': ''});
		});

		it.each(['nats-stopped', 'nats-paused'])('mends %s', async (fault) => {
			await breakFault(fault);
			const run = jetmedic(restart, {state: await tempFolder()});
			expect((await run.ended()).code).toBe(0);
			expect(run.result()?.result).toBe('verified');
			await expectAllRunning();
		});

		it('makes a container that was removed, and keeps its data', async () => {
			const {last_seq: before} = await streamState('TITAN_INTENTS');
			await docker.getContainer('titan-nats').remove({force: true});
			const run = jetmedic(restart, {state: await tempFolder()});
			expect((await run.ended()).code).toBe(0);
			expect(run.result()?.result).toBe('verified');
			expect((await streamState('TITAN_INTENTS')).last_seq).toBeGreaterThanOrEqual(before);
		});

		it('waits for a server that is booting, and does not restart it', async () => {
			let booted = false;
			const monitor = createServer((_, response) => {
				response.writeHead(booted ? 200 : 503);
				response.end(
					booted ? '{"status":"ok"}' : '{"error":"NATS server: failed to be ready for connections"}',
				);
			});
			await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
			onTestFinished(() => void monitor.close());
			const address = `http://127.0.0.1:${(monitor.address() as AddressInfo).port}`;
			const state = await tempFolder({'config.yaml': `nats:\n  monitor: ${address}\n`});
			const before = await startTimes();
			const run = jetmedic([...restart, '--config', 'config.yaml'], {state});
			const event = await run.step('restart', 'skipped');
			expect(event).toMatchObject({text: expect.stringContaining('waited for, not restarted')});
			await run.event((one) => one.event === 'progress' && one.text === 'booting', 'it waits');
			booted = true;
			expect((await run.ended()).code).toBe(0);
			expect(await startTimes()).toEqual(before);
		});
	});

	describe('purge', () => {
		it('keeps exactly the last 1,000 of a stream that goes on, and backs up first', async () => {
			const state = join(await tempFolder(), 'with a space');
			mkdirSync(state);
			await withNats((nc) => publish(nc, 'titan.intents.test', 3000));
			const before = await streamState('TITAN_INTENTS');
			const run = jetmedic(purge, {state});
			expect((await run.ended()).code).toBe(0);
			const kept = run.result()?.checks.find(({name}) => name === 'the last 1,000 messages were kept');
			const [, first] =
				/exactly the last 1,000 were kept, from sequence (\d+) on;/.exec(kept?.evidence ?? '') ?? [];
			// Publishers go on: of what is there now, more than 1,000 came with them, and of what was there before no more.
			const after = await streamState('TITAN_INTENTS');
			expect(before.last_seq - Number(first) + 1).toBeLessThanOrEqual(1000);
			expect(after.last_seq - Number(first) + 1).toBeGreaterThanOrEqual(1000);
			expect(after.first_seq).toBe(Number(first));
			expect(after.messages).toBe(after.last_seq - after.first_seq + 1);
			const [folder] = readdirSync(placeIn(state).backups);
			const backup = join(placeIn(state).backups, folder!);
			expect(readdirSync(backup).sort()).toEqual(['backup.json', 'jetmedic.json', 'stream.tar.s2']);
			const saved = JSON.parse(readFileSync(join(backup, 'backup.json'), 'utf8'));
			expect(saved.config.name).toBe('TITAN_INTENTS');
			expect(saved.state.last_seq).toBeGreaterThanOrEqual(before.last_seq);
			expect(run.events.find(({event}) => event === 'lost')).toMatchObject({
				text: expect.stringContaining(`All are in the backup ${backup}.`),
			});
		});

		it('makes a backup that the server takes back whole', async () => {
			const state = await tempFolder();
			await makeOwnStream(2500);
			const run = jetmedic([...purge, ...ownFlags], {state});
			await run.event(({event}) => event === 'lost', 'it has purged');
			await consumeOwn();
			expect((await run.ended()).code).toBe(0);
			expect(await streamState(own.stream)).toMatchObject({first_seq: 1501, last_seq: 2500, messages: 1000});
			const [folder] = readdirSync(placeIn(state).backups);
			const backup = join(placeIn(state).backups, folder!);
			const archive = readFileSync(join(backup, 'stream.tar.s2'));
			expect(archive.subarray(0, 10).toString('latin1')).toBe('\xff\x06\x00\x00S2sTwO');
			await withNats(async (nc, jsm) => {
				await jsm.streams.delete(own.stream);
				// As `nats stream restore` does it.
				const begun = (
					await nc.request(`$JS.API.STREAM.RESTORE.${own.stream}`, readFileSync(join(backup, 'backup.json')))
				).json<{deliver_subject: string}>();
				for (let at = 0; at < archive.length; at += 100_000) {
					await nc.request(begun.deliver_subject, archive.subarray(at, at + 100_000), {timeout: 5000});
				}
				await nc.request(begun.deliver_subject, new Uint8Array(), {timeout: 5000, headers: headers()});
				const consumer = await jsm.consumers.info(own.stream, own.consumer);
				expect(consumer.num_pending).toBe(2500);
			});
			expect(await streamState(own.stream)).toMatchObject({first_seq: 1, last_seq: 2500, messages: 2500});
		});

		it('says whom it takes from, and writes no backup where none is wanted', async () => {
			const state = await tempFolder();
			await makeOwnStream(1500);
			const run = jetmedic([...purge, ...ownFlags, '--no-backup'], {state});
			await run.event(({event}) => event === 'lost', 'it has purged');
			await consumeOwn();
			expect((await run.ended()).code).toBe(0);
			expect(await streamState(own.stream)).toMatchObject({first_seq: 501, last_seq: 1500});
			expect(readdirSync(placeIn(state).backups)).toEqual([]);
			expect(run.events.find(({event}) => event === 'lost')).toMatchObject({
				text: '500 messages, among them 500 never delivered to runs-consumer. There is no backup.',
			});
		});

		it('has nothing to do where nothing would go', async () => {
			await makeOwnStream(1000);
			await consumeOwn();
			const run = jetmedic([...purge, ...ownFlags, '--no-backup'], {state: await tempFolder()});
			expect((await run.ended()).code).toBe(0);
			expect(run.events).toContainEqual(expect.objectContaining({step: 'purge', status: 'skipped'}));
			expect(await streamState(own.stream)).toMatchObject({first_seq: 1, last_seq: 1000, messages: 1000});
		});

		it.each([
			['sealed', purge],
			['deny_purge', purge],
			['sealed', recover],
			['deny_purge', recover],
		])('of a stream with %s is refused before anything is touched: %j', async (property, command) => {
			const state = await tempFolder();
			await makeOwnStream(1200, property === 'sealed' ? {} : {[property]: true});
			if (property === 'sealed') {
				await withNats((_nc, jsm) => jsm.streams.update(own.stream, {sealed: true} as object));
			}
			const before = {times: await startTimes(), stream: await streamState(own.stream)};
			const run = jetmedic([...command, ...ownFlags], {state});
			expect((await run.ended()).code).toBe(1);
			expect(run.result()).toMatchObject({result: 'failed', error: expect.stringContaining(property)});
			expect({times: await startTimes(), stream: await streamState(own.stream)}).toEqual(before);
			expect(readdirSync(placeIn(state).backups)).toEqual([]);
		});
	});

	describe('recover', () => {
		it('is verified: the stream is empty, and all services run', async () => {
			const before = await streamState('TITAN_INTENTS');
			const times = await startTimes();
			const run = jetmedic(recover, {state: await tempFolder()});
			expect((await run.ended()).code).toBe(0);
			expect(run.result()?.result).toBe('verified');
			await expectAllRunning();
			const after = await startTimes();
			expect(after['titan-nats']).toBe(times['titan-nats']);
			for (const name of clients) {
				expect(after[name], name).not.toBe(times[name]);
			}
			expect((await streamState('TITAN_INTENTS')).first_seq).toBeGreaterThan(before.last_seq);
		});

		it('creates a deleted stream and its consumer again from what was last seen', async () => {
			const state = await tempFolder();
			await makeOwnStream(10, {max_bytes: 12_345_678});
			await jetmedic(['check', ...ownFlags], {state}).ended();
			await withNats((_nc, jsm) => jsm.streams.delete(own.stream));
			const run = jetmedic([...recover, ...ownFlags], {state});
			expect((await run.ended()).code).toBe(0);
			expect(run.events).toContainEqual(
				expect.objectContaining({
					step: 'readopt',
					status: 'done',
					text: `created anew: no message of it was on disk; created: ${own.consumer} begins as its configuration says`,
				}),
			);
			await withNats(async (_nc, jsm) => {
				expect((await jsm.streams.info(own.stream)).config.max_bytes).toBe(12_345_678);
				expect((await jsm.consumers.info(own.stream, own.consumer)).config.ack_policy).toBe('explicit');
			});
			await expectAllRunning();
		});

		it('is refused where the stream is gone and was never seen', async () => {
			const times = await startTimes();
			const run = jetmedic([...recover, '--stream', 'NEVER_SEEN'], {state: await tempFolder()});
			expect((await run.ended()).code).toBe(1);
			expect(run.result()?.error).toContain('no configuration of it was ever saved');
			expect(await startTimes()).toEqual(times);
		});

		it.each([
			['preflight', 'SIGTERM'],
			['backup', 'SIGINT'],
			['stop', 'SIGTERM'],
			['purge', 'SIGINT'],
			['recreate', 'SIGTERM'],
			['start', 'SIGINT'],
			['wait-endpoints', 'SIGTERM'],
			['verify', 'SIGINT'],
		] as const)('starts its services again when it is aborted in %s by %s', async (step, signal) => {
			const state = await tempFolder();
			const run = jetmedic(recover, {state});
			await run.step(step);
			run.child.kill(signal);
			expect(await run.ended()).toMatchObject({code: 1, signal: null});
			expect(run.result()).toMatchObject({result: 'aborted', error: expect.stringContaining(signal)});
			await expectAllRunning();
			expect(newestRun(placeIn(state))).toMatchObject({result: 'aborted', stopped: []});
		});

		it('starts its services again when a step fails', async () => {
			await makeOwnStream(1200);
			const run = jetmedic([...recover, ...ownFlags, '--no-backup'], {state: await tempFolder()});
			await run.event(({event}) => event === 'stopping', 'it stops services');
			await withNats((_nc, jsm) => jsm.streams.update(own.stream, {deny_purge: true}));
			expect((await run.ended()).code).toBe(1);
			expect(run.result()).toMatchObject({result: 'failed', error: expect.stringContaining('10110')});
			await expectAllRunning();
			expect(run.events.find(({event}) => event === 'restored')).toMatchObject({
				services: expect.arrayContaining(clients),
			});
			expect((await streamState(own.stream)).messages).toBe(1200);
		});

		it('survives the end of its terminal: SIGHUP and a stdout that nobody reads', async () => {
			const state = await tempFolder();
			const run = jetmedic(recover, {state});
			await run.event(({event}) => event === 'stopping', 'it stops services');
			run.child.stdout!.destroy();
			run.child.stderr!.destroy();
			run.child.kill('SIGHUP');
			// The run is verified and its journal says so; what it printed is lost, and that is an error of its own.
			expect(await run.ended()).toMatchObject({code: 74, signal: null});
			expect(newestRun(placeIn(state))).toMatchObject({result: 'verified', stopped: []});
			await expectAllRunning();
		});

		it('that was killed is known to have left services stopped', async () => {
			const state = await tempFolder();
			const run = jetmedic(recover, {state});
			await run.step('stop', 'done');
			run.child.kill('SIGKILL');
			await run.ended();
			const left = newestRun(placeIn(state));
			expect(left).toMatchObject({alive: false, ifStopped: expect.stringContaining('will be started again')});
			expect(left).not.toHaveProperty('result');
			const up = await running();
			expect(left?.stopped.toSorted()).toEqual(clients.filter((name) => !up.includes(name)));
			expect(left?.stopped.toSorted()).toEqual(clients);
			// What it left can be finished by another run, at once.
			const second = jetmedic(recover, {state});
			expect((await second.ended()).code).toBe(0);
			await expectAllRunning();
		});
	});

	describe('beside another one', () => {
		it('is refused, whoever starts it, and touches nothing', async () => {
			const state = await tempFolder();
			const first = jetmedic(recover, {state});
			const {run: id} = (await first.event(({event}) => event === 'started', 'it starts')) as {
				run: string;
			} & object;
			const elsewhere = await tempFolder();
			const second = jetmedic(restart, {state: elsewhere});
			const third = jetmedic(purge, {state});
			const before = await container('titan-nats');
			for (const other of [second, third]) {
				expect(await other.ended()).toMatchObject({
					code: 1,
					stderr: expect.stringMatching(
						`^(The run is refused: |Nothing was done: |)Another run has this deployment: ${id}, .*One run at a time; watch that one with jetmedic\\.\n$`,
					),
				});
				expect(other.events.map(({event}) => event)).toEqual(['finished']);
			}
			expect((await first.ended()).code).toBe(0);
			expect(journalsIn(state)).toHaveLength(1);
			expect((await container('titan-nats')).State.StartedAt).toBe(before.State.StartedAt);
		});

		it('can start when the other one was killed', async () => {
			const state = await tempFolder();
			const first = jetmedic(restart, {state});
			await first.event(({event}) => event === 'started', 'it starts');
			first.child.kill('SIGKILL');
			await until('it is gone', () => !isThere(first.child.pid!));
			const second = jetmedic(restart, {state});
			expect((await second.ended()).code).toBe(0);
		});
	});

	describe('that is not meant', () => {
		it.each([
			['without a terminal and without --yes', ['run', 'recover'], 1],
			['as a dry run', ['run', 'recover', '--dry-run', '--json'], 0],
			['as a dry run for people', ['run', 'purge', '--dry-run'], 0],
			['as a dry run of a restart', ['run', 'restart', '--dry-run', '--yes'], 0],
			['with --read-only', ['run', 'recover', '--yes', '--read-only'], 1],
			['with a runbook that is none', ['run', 'destroy', '--yes'], 64],
		])('changes nothing: %s', async (_, args, code) => {
			const state = await tempFolder();
			await makeOwnStream(1200);
			const look = async () => ({
				times: await startTimes(),
				stream: await streamState(own.stream),
				running: await running(),
			});
			const before = await look();
			const run = jetmedic([...args, ...ownFlags], {state});
			expect(await run.ended()).toMatchObject({code});
			expect(await look()).toEqual(before);
			expect(readdirSync(state)).toEqual([]);
		});

		it('shows the plan as one object', async () => {
			await makeOwnStream(1200);
			const run = jetmedic(['run', 'purge', '--dry-run', '--json', ...ownFlags], {state: await tempFolder()});
			const {stdout} = await run.ended();
			expect(JSON.parse(stdout)).toMatchObject({
				event: 'plan',
				runbook: 'purge',
				blockers: [],
				impact: {stream: own.stream, keep: 1000, messages: 1200, removedMessages: 200, unprocessed: 200},
				confirmation: {kind: 'type', text: own.stream},
			});
		});
	});

	it('leaves no secret in its records', async () => {
		const secret = 'hunter2-s3cr3t';
		const state = await tempFolder({'token.yaml': `nats:\n  token: ${secret}\n`});
		rmSync(join(state, 'jetmedic'), {recursive: true, force: true});
		const env = {NATS_URL: `nats://ana:${secret}@127.0.0.1:4222`};
		const away = {NATS_URL: `nats://ana:${secret}@127.0.0.1:4`};
		const outputs: string[] = [];
		for (const [args, variables] of [
			[restart, env],
			[purge, away],
			[['check', '--json'], away],
			[['check', '--json', '--config', 'token.yaml'], {}],
			[['run', 'purge', '--dry-run', '--json', '--config', 'token.yaml'], {}],
		] as const) {
			const {stdout, stderr, code} = await jetmedic([...args], {state, env: variables}).ended();
			// Not by an error before there was anything to tell (64 and more).
			expect(code).toBeLessThan(64);
			outputs.push(stdout, stderr);
		}
		expect(outputs.join('\n')).not.toContain(secret);
		const files = readdirSync(join(state, 'jetmedic'), {recursive: true, withFileTypes: true}).filter(
			(file) => file.isFile(),
		);
		expect(files.length).toBeGreaterThan(1);
		for (const file of files) {
			expect(readFileSync(join(file.parentPath, file.name), 'latin1'), file.name).not.toContain(secret);
		}
	});
});
