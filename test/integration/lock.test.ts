/** One run at a time, between users and hosts. Runs inside `lab exec`, as root: it becomes other users and hosts. */

import {chmodSync, chownSync, existsSync, readdirSync, readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {importEmptyImage, removeUnusedImages} from '../../source/clients/docker/lock-image.ts';
import {parseJournal} from '../../source/records/journal.ts';
import type {RunState} from '../../source/state/run.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';
import {asNobody, engineDoor, onHost} from './engine.ts';
import {
	docker,
	expectAllRunning,
	jetmedic,
	makeOwnStream,
	own,
	ownFlags,
	type Program,
	restore,
	running,
	startTimes,
	streamState,
	withNats,
} from './scene.ts';

const restart = ['run', 'restart', '--yes', '--json'];
const lockName = 'jetmedic-run-titan';
const runsIn = (state: string) => placeIn(state).runs;
const idOf = ({events}: Program) => (events[0] as {run: string}).run;

/** What the engine has of lock containers. */
const locks = async () =>
	(await docker.listContainers({all: true, filters: {name: [lockName]}})).map(({Id}) => Id);

/** The records of another user, and how to be that user with another way to the engine. */
async function nobody() {
	const state = await tempFolder();
	chmodSync(state, 0o700);
	chownSync(state, 65_534, 65_534);
	const env = {DOCKER_HOST: await engineDoor(), HOME: state, USER: 'nobody'};
	return {state, through: asNobody, env};
}

/** A run that waits: without its brain the deployment does not reconnect. */
async function waitingRun(options: {through?: string[]; env?: Record<string, string>} = {}) {
	await breakFault('brain-down');
	const state = await tempFolder();
	const run = jetmedic(restart, {state, ...options});
	await run.step('wait-endpoints');
	return {run, state, id: idOf(run)};
}

/** What `jetmedic check --json` says of the run. */
async function seenRun(options: Parameters<typeof jetmedic>[1]): Promise<RunState | undefined> {
	const {stdout} = await jetmedic(['check', '--json'], options).ended();
	return JSON.parse(stdout).state.run;
}

describe.skipIf(!canBecome)('one run at a time', {timeout: 90_000}, () => {
	const tidy = async () => {
		await Promise.all((await locks()).map((id) => docker.getContainer(id).remove({force: true})));
		await removeUnusedImages(docker, () => ({abortSignal: AbortSignal.timeout(10_000)}));
		await restore();
	};
	beforeEach(tidy, 90_000);
	afterAll(tidy, 90_000);

	it('another user is refused, told whose run it is, and sees it live from its first step on', async () => {
		const {run, id} = await waitingRun();
		const other = await nobody();
		const before = await startTimes();
		const second = await jetmedic(restart, other).ended();
		expect(second.code).toBe(1);
		expect(second.stderr).toMatch(
			new RegExp(
				`another run has this deployment: ${id}, restart by root on ${hostname()} .*since \\d\\d:`,
				'i',
			),
		);
		expect(await jetmedic(['run', 'restart', '--dry-run'], other).ended()).toMatchObject({
			code: 1,
			stdout: expect.stringMatching(new RegExp(`Another run has this deployment: ${id}`)),
		});
		expect(await startTimes()).toEqual(before);
		expect(existsSync(runsIn(other.state))).toBe(false);
		const seen = await until(
			'it is seen as far as it is',
			async () => {
				const one = await seenRun(other);
				return one?.steps.some((step) => step.id === 'wait-endpoints' && step.status === 'running') && one;
			},
			20_000,
		);
		expect(seen).toMatchObject({id, user: 'root', host: hostname(), alive: true});
		expect(seen.remote).toBeUndefined();
		expect(seen.steps.map(({status}) => status)).toEqual(['done', 'done', 'done', 'running', 'waiting']);
		await docker.getContainer('titan-brain').start();
		expect((await run.ended()).code).toBe(0);
		expect(await locks()).toEqual([]);
	});

	it('another host is refused, told whose run it is, and sees it live', async () => {
		const {run, id} = await waitingRun();
		// Without this host's network even the abstract sockets are others.
		const other = {state: await tempFolder(), through: onHost('second-host', '--net')};
		const second = await jetmedic(restart, other).ended();
		expect(second.code).toBe(1);
		expect(second.stderr).toMatch(
			new RegExp(`another run has .*: ${id}, restart by root on ${hostname()} `, 'i'),
		);
		expect(await seenRun(other)).toMatchObject({id, alive: true, remote: true, host: hostname()});
		await docker.getContainer('titan-brain').start();
		expect((await run.ended()).code).toBe(0);
	});

	it('a killed run of this host is known at once to another user, who takes over, keeps its journal and tells its owner', async () => {
		const {run, id, state} = await waitingRun();
		const other = await nobody();
		await until('the engine has all of it', async () => {
			const steps = (await seenRun(other))?.steps;
			return steps?.some((step) => step.id === 'wait-endpoints' && step.status === 'running');
		});
		run.child.kill('SIGKILL');
		await run.ended();
		expect(await locks()).toHaveLength(1);
		const seen = await seenRun(other);
		expect(seen).toMatchObject({id, alive: false, user: 'root'});
		expect(seen?.result).toBeUndefined();
		await docker.getContainer('titan-brain').start();
		const next = jetmedic(restart, other);
		const taken = performance.now();
		expect(await next.event(({event}) => event === 'started', 'it begins')).toMatchObject({resumes: id});
		expect(performance.now() - taken).toBeLessThan(8000);
		expect((await next.ended()).code).toBe(0);
		expect(readdirSync(runsIn(other.state)).sort()).toEqual([`${id}.jsonl`, `${idOf(next)}.jsonl`].sort());
		// It is another user's by now: jetmedic would not read it as root.
		const kept = readFileSync(join(runsIn(other.state), `${id}.jsonl`), 'utf8');
		expect(parseJournal(kept)).toEqual(run.events);
		// The owner's records know nothing of it: the engine tells, also after one more run there.
		expect(await seenRun({state})).toMatchObject({id: idOf(next), result: 'verified'});
		const third = jetmedic(restart, other);
		expect((await third.ended()).code).toBe(0);
		expect(await seenRun({state})).toMatchObject({id: idOf(third), result: 'verified'});
		expect(await locks()).toHaveLength(1);
		const last = jetmedic(restart, {state});
		expect((await last.ended()).code).toBe(0);
		expect(last.events[0]).not.toHaveProperty('resumes');
		expect(await locks()).toEqual([]);
	});

	it('a lock without files of another host, killed at its beginning, blocks no plan', async () => {
		const Image = await importEmptyImage(docker, {abortSignal: AbortSignal.timeout(10_000)});
		const Labels = {
			'io.jetmedic.run': 'r2',
			'io.jetmedic.host': 'second-host',
			'io.jetmedic.machine': 'other',
		};
		await docker.createContainer({name: lockName, Image, Cmd: ['x'], Labels});
		const {code, stdout} = await jetmedic(['run', 'restart', '--dry-run'], {
			state: await tempFolder(),
		}).ended();
		expect({code, stdout}).toMatchObject({code: 0, stdout: expect.not.stringMatching(/Another run/)});
	});

	it('nothing is purged or restarted where it can not be told whose the deployment is', async () => {
		await makeOwnStream(1500);
		const env = {DOCKER_HOST: await engineDoor(/^GET .*\/containers\/json.*jetmedic-run/)};
		const before = await startTimes();
		for (const args of [
			['run', 'purge', '--no-backup', ...ownFlags],
			['run', 'restart'],
		]) {
			const run = jetmedic([...args, '--yes', '--json'], {state: await tempFolder(), env});
			expect((await run.ended()).code).toBe(1);
			expect(run.result()?.error).toMatch(/Could not confirm that this run still holds the lock/);
		}
		expect((await streamState(own.stream)).messages).toBe(1500);
		expect(await startTimes()).toEqual(before);
	});

	it('a restore says that other hosts are not kept out where the engine has no room for the lock', async () => {
		await makeOwnStream(10);
		const state = await tempFolder();
		const backup = await jetmedic(['backup', own.stream, '--json'], {state}).ended();
		const {folder} = JSON.parse(backup.stdout.trim().split('\n').at(-1)!) as {folder: string};
		const env = {DOCKER_HOST: await engineDoor(/^POST .*\/containers\/create/)};
		await withNats((_nc, jsm) => jsm.streams.delete(own.stream));
		const {code, stderr} = await jetmedic(['restore', folder, '--yes'], {state, env}).ended();
		expect({code, stderr}).toMatchObject({
			code: 0,
			stderr: expect.stringMatching(/hosts.* are not kept out/),
		});
	});

	it('a killed run of another host is taken over once its heart was seen to stand still', async () => {
		const {run, id} = await waitingRun({through: onHost('second-host')});
		const state = await tempFolder();
		expect(await seenRun({state})).toMatchObject({id, alive: true, remote: true, host: 'second-host'});
		run.child.kill('SIGKILL');
		await run.ended();
		await docker.getContainer('titan-brain').start();
		// The plan can't know yet that it is dead. Whoever waits learns it, and plans anew.
		const early = await jetmedic(restart, {state}).ended();
		expect(early).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/second-host.* was killed .* Plan again/),
		});
		expect(early.ms).toBeGreaterThan(8000);
		expect(await locks()).toHaveLength(1);
		const stranger = {state: await tempFolder()};
		expect(await seenRun(stranger)).toMatchObject({id, alive: false, remote: true});
		const next = jetmedic(restart, {state});
		expect(await next.event(({event}) => event === 'started', 'it begins')).toMatchObject({resumes: id});
		expect((await next.ended()).code).toBe(0);
		expect(readdirSync(runsIn(state))).toContain(`${id}.jsonl`);
	});

	it('of two who take over at once one wins', async () => {
		const {run} = await waitingRun();
		run.child.kill('SIGKILL');
		await run.ended();
		// Each by a way of its own to the engine: nothing but the engine keeps them apart. Their run waits for the brain.
		const takers = await Promise.all(
			Array.from({length: 4}, async () =>
				jetmedic(restart, {state: await tempFolder(), env: {DOCKER_HOST: await engineDoor()}}),
			),
		);
		await until(
			'all but one were refused',
			() => takers.filter(({child}) => child.exitCode !== null).length === 3,
			30_000,
		);
		const lost = takers.filter(({child}) => child.exitCode !== null);
		for (const taker of lost) {
			expect(await taker.ended()).toMatchObject({code: 1, stderr: expect.stringMatching(/Another run has/)});
			expect(taker.events.some(({event}) => event === 'started')).toBe(false);
		}
		const [winner] = takers.filter((one) => !lost.includes(one));
		await winner!.step('wait-endpoints');
		await docker.getContainer('titan-brain').start();
		expect((await winner!.ended()).code).toBe(0);
	});

	it('of two who take over the slower one removes nothing of the quicker one', async () => {
		const {run} = await waitingRun();
		run.child.kill('SIGKILL');
		await run.ended();
		let isHeld = false;
		let release = (): void => {};
		const released = new Promise<void>((resolve) => {
			release = resolve;
		});
		const door = await engineDoor(undefined, undefined, {
			requests: /^DELETE .*\/containers\//,
			until() {
				isHeld = true;
				return released;
			},
		});
		const slow = jetmedic(restart, {state: await tempFolder(), env: {DOCKER_HOST: door}});
		await until('it removes the lock of the dead one', () => isHeld, 20_000);
		const quick = jetmedic(restart, {state: await tempFolder(), env: {DOCKER_HOST: await engineDoor()}});
		await quick.event(({event}) => event === 'started', 'the other one has taken it');
		const taken = await locks();
		release();
		expect(await slow.ended()).toMatchObject({code: 1, stderr: expect.stringMatching(/Another run has/)});
		expect(slow.events.some(({event}) => event === 'started')).toBe(false);
		expect(await locks()).toEqual(taken);
		await docker.getContainer('titan-brain').start();
		expect((await quick.ended()).code).toBe(0);
	});

	it('an engine without room for the lock stops no run, which says who is not kept out', async () => {
		const state = await tempFolder();
		const run = jetmedic(restart, {
			state,
			env: {DOCKER_HOST: await engineDoor(/^POST .*\/containers\/create/)},
		});
		expect((await run.ended()).code).toBe(0);
		expect(run.result()?.result).toBe('verified');
		expect(run.events.find(({event}) => event === 'note')).toMatchObject({
			text: expect.stringMatching(/hosts.* are not kept out.*no space left on device/),
		});
	});

	it('an engine without room for the lock keeps the runs of one host apart all the same', async () => {
		await breakFault('brain-down');
		const env = {DOCKER_HOST: await engineDoor(/^POST .*\/containers\/create/)};
		const first = jetmedic(restart, {state: await tempFolder(), env});
		await first.step('wait-endpoints');
		const second = jetmedic(restart, {state: await tempFolder(), env});
		expect(await second.ended()).toMatchObject({code: 1, stderr: expect.stringMatching(/Another run has/)});
		expect(second.events.some(({event}) => event === 'started')).toBe(false);
		await docker.getContainer('titan-brain').start();
		expect((await first.ended()).code).toBe(0);
	});

	it.each([/^POST .*\/containers\/create/, /^POST .*\/images\/create/])(
		'an engine that does not answer %s stops no run, and not for long',
		async (hangs) => {
			const env = {DOCKER_HOST: await engineDoor(undefined, hangs)};
			const run = jetmedic(restart, {state: await tempFolder(), env});
			const asked = performance.now();
			await run.event(({event}) => event === 'started', 'it begins');
			expect(performance.now() - asked).toBeLessThan(25_000);
			expect((await run.ended()).code).toBe(0);
			expect(run.events.find(({event}) => event === 'note')).toMatchObject({
				text: expect.stringMatching(/are not kept out.*it did not answer in time/),
			});
		},
	);

	it('an engine without room for the journal stops no run', async () => {
		const door = await engineDoor(/^PUT .*\/archive/);
		const run = jetmedic(restart, {state: await tempFolder(), env: {DOCKER_HOST: door}});
		expect((await run.ended()).code).toBe(0);
		expect(await locks()).toEqual([]);
	});

	it.each(['failed', 'aborted'])('the lock is gone after a run that %s', async (result) => {
		const {run} = await waitingRun();
		expect(await locks()).toHaveLength(1);
		if (result === 'failed') {
			await docker.getContainer('titan-nats').remove({force: true, v: false});
			run.child.kill('SIGTERM');
		} else {
			run.child.kill('SIGINT');
		}
		expect((await run.ended()).code).toBe(1);
		expect(await locks()).toEqual([]);
	});

	it('a lock that was removed is made again, with the whole journal', async () => {
		const {run, id} = await waitingRun();
		const [first] = await locks();
		await docker.getContainer(first!).remove({force: true});
		await until('it is there again', async () => (await locks()).length === 1, 10_000);
		expect(await locks()).not.toEqual([first]);
		const other = await nobody();
		await until('the journal is there', async () => (await seenRun(other))?.id === id, 20_000);
		expect((await jetmedic(restart, other).ended()).stderr).toMatch(/Another run has/);
		await docker.getContainer('titan-brain').start();
		expect((await run.ended()).code).toBe(0);
	});

	it('a run whose lock another one took stops', async () => {
		const {run} = await waitingRun();
		const [first] = await locks();
		const {Image} = await docker.getContainer(first!).inspect();
		await docker.getContainer(first!).remove({force: true});
		const Labels = {'io.jetmedic.run': 'r2', 'io.jetmedic.user': 'ana', 'io.jetmedic.host': 'second-host'};
		const other = await docker.createContainer({name: lockName, Image, Cmd: ['x'], Labels});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'aborted',
			error: expect.stringMatching(/another run took the deployment.*by ana on second-host/),
		});
		expect(await locks()).toEqual([other.id]);
		await other.remove({force: true});
	});

	it('a run that lost the deployment while it stood still touches nothing more, and starts nothing of the other’s', async () => {
		await makeOwnStream(1500);
		const args = ['run', 'recover', '--yes', '--json', '--no-backup', ...ownFlags];
		const run = jetmedic(args, {state: await tempFolder()});
		await run.step('stop', 'done');
		run.child.kill('SIGSTOP');
		const [first] = await locks();
		const {Image} = await docker.getContainer(first!).inspect();
		await docker.getContainer(first!).remove({force: true});
		const Labels = {'io.jetmedic.run': 'r2', 'io.jetmedic.user': 'ana', 'io.jetmedic.host': 'second-host'};
		await docker.createContainer({name: lockName, Image, Cmd: ['x'], Labels});
		const left = await running();
		run.child.kill('SIGCONT');
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toMatch(
			/by ana on second-host.* Left to the run that now holds the deployment: /,
		);
		expect(await running()).toEqual(left);
		expect((await streamState(own.stream)).messages).toBe(1500);
	});

	it('is no container of the project', async () => {
		const {run} = await waitingRun();
		const [id] = await locks();
		const {Config, HostConfig, State} = await docker.getContainer(id!).inspect();
		expect(Object.keys(Config.Labels).filter((name) => name.startsWith('com.docker.compose'))).toEqual([]);
		expect(HostConfig.NetworkMode).toBe('none');
		expect(State.Status).toBe('created');
		const {stdout} = await jetmedic(['check', '--json'], {state: await tempFolder()}).ended();
		expect(Object.keys(JSON.parse(stdout).state.services)).not.toContain('');
		expect(Object.keys(JSON.parse(stdout).state.services)).toHaveLength(5);
		await docker.getContainer('titan-brain').start();
		await run.ended();
		await expectAllRunning();
	});
});
