/** A run that is killed with -9, in each of its steps, and what finishes it. Runs inside `lab exec`. */
import {readFileSync} from 'node:fs';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {listJournals} from '../../source/records/journal.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {natsProxy} from '../proxy/nats.ts';
import {until} from '../until.ts';
import {
	clients,
	consumeOwn,
	docker,
	expectAllRunning,
	jetmedic,
	killedAfter,
	loseRecord,
	makeOwnStream,
	own,
	ownFlags,
	type Program,
	restore,
	running,
	startTimes,
	streamState,
} from './scene.ts';

/**
What only a real engine, server and process can show, each once: `test/world` kills every runbook at every await, and its
resumptions, too.
*/
const moments = [
	['restart', 'restart'],
	['purge', 'backup'],
	['purge', 'purge'],
	['recover', 'stop'],
	['recover', 'purge'],
	['recover', 'verify'],
] as const;

/** Every line of every journal is whole. */
function expectWholeJournals(state: string): void {
	for (const path of listJournals(placeIn(state))) {
		for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
			expect(() => JSON.parse(line)).not.toThrow();
		}
	}
}

describe('a run that is killed with -9', {timeout: 120_000}, () => {
	beforeEach(restore, 120_000);
	afterAll(restore, 120_000);

	it.each(moments)('in %s, at %s: check names it, and --resume finishes it', async (runbook, step) => {
		const state = await tempFolder();
		// A stream of the test's own: a killed run must not take the deployment's messages.
		await makeOwnStream(1500);
		await consumeOwn();
		const killed = await killedAfter({step, status: 'running'}, runbook, state);
		expect(killed.signal).toBe('SIGKILL');
		const left = newestRun(placeIn(state));
		expect(left).toMatchObject({alive: false, runbook});
		expect(left?.result).toBeUndefined();

		const stopped = clients.filter((name) => left?.stopped.includes(name));
		const check = jetmedic(['check', '--json', ...ownFlags], {state});
		expect((await check.ended()).code).toBe(2);
		const finding = JSON.parse(check.lines[0]!).findings.find(
			({id}: {id: string}) => id === 'run-unfinished',
		);
		expect(finding).toMatchObject({severity: 'critical', runbook: 'resume'});
		for (const name of stopped) {
			expect(finding.evidence).toContain(name);
		}

		const resumed = jetmedic(['run', '--resume', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await resumed.ended();
		expect(code, stdout).toBe(0);
		expect(resumed.events[0]).toMatchObject({event: 'started', resumes: left!.id});
		await expectAllRunning();
		expectWholeJournals(state);
		const after = jetmedic(['check', '--json', ...ownFlags], {state});
		await after.ended();
		expect(JSON.parse(after.lines[0]!).findings.map(({id}: {id: string}) => id)).not.toContain(
			'run-unfinished',
		);
	});

	it('in its purge, and the server is down since: it is started, and no purge is waited for', async () => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		await consumeOwn();
		await killedAfter({step: 'purge', status: 'running'}, 'recover', state);
		await docker.getContainer('titan-nats').stop();
		const resumed = jetmedic(['run', '--resume', '--yes', '--json', ...ownFlags], {state});
		await resumed.step('settle', 'skipped');
		await resumed.step('start', 'done');
		// What consumed went with the server.
		await consumeOwn();
		const {code, stdout} = await resumed.ended();
		expect(code, stdout).toBe(0);
		await expectAllRunning();
	});

	it('before it gave an unrecovered stream back: its resumption does', async () => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		await jetmedic(['check', ...ownFlags], {state}).ended();
		await loseRecord();
		await killedAfter({step: 'readopt', status: 'running'}, 'recover', state);
		expect(await running()).toEqual(['titan-nats']);
		const resumed = jetmedic(['run', '--resume', '--yes', '--json', ...ownFlags], {state});
		await resumed.step('recreate', 'done');
		await consumeOwn();
		const {code, stdout} = await resumed.ended();
		expect(code, stdout).toBe(0);
		expect((await streamState(own.stream)).messages).toBe(1500);
		await expectAllRunning();
	});

	it('after it had made an unrecovered stream anew: its resumption makes the server write its record', async () => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		await jetmedic(['check', ...ownFlags], {state}).ended();
		await loseRecord();
		const proxy = await natsProxy(({subject}) => {
			if (subject !== `$JS.API.STREAM.UPDATE.${own.stream}`) {
				return 'pass';
			}
			run.child.kill('SIGKILL');
			return 'drop';
		});
		onTestFinished(proxy.close);
		const run: Program = jetmedic(
			['run', 'recover', '--yes', '--json', '--nats-url', proxy.url, ...ownFlags],
			{state},
		);
		expect((await run.ended()).signal).toBe('SIGKILL');
		await consumeOwn();
		const resumed = jetmedic(['run', '--resume', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await resumed.ended();
		expect(code, stdout).toBe(0);
		await docker.getContainer('titan-nats').restart();
		await until('the stream is there', async () => (await streamState(own.stream)).messages === 1500, 60_000);
	});

	it.each([
		['stop', 'recover', {event: 'stopping'}],
		['purge', 'purge', {step: 'purge', status: 'running'}],
	])('has on disk what it announces: the %s of %s', async (_, runbook, line) => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		const before = await startTimes();
		expect((await killedAfter(line, runbook, state)).signal).toBe('SIGKILL');
		expect(readFileSync(listJournals(placeIn(state)).at(-1)!, 'utf8')).toContain(
			JSON.stringify(Object.values(line).at(-1)),
		);
		expect(await running()).toEqual(['titan-nats', ...clients]);
		expect((await startTimes())['titan-nats']).toBe(before['titan-nats']);
		expect((await streamState(own.stream)).messages).toBe(1500);
	});

	it('has nothing to resume where nothing was killed', async () => {
		const run = jetmedic(['run', '--resume', '--yes'], {state: await tempFolder()});
		expect(await run.ended()).toMatchObject({
			code: 1,
			stderr: 'There is no unfinished run to resume.\n',
		});
	});
});
