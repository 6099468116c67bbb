// The purge itself, against the real server: an outcome that nobody told, an abort in the middle, and a stream that
// grew since the plan.

import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {fingerprint} from '../../source/config/fingerprint.ts';
import {loadConfig} from '../../source/config/load.ts';
import {hasProc} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {natsProxy, type Verdict} from '../proxy/nats.ts';
import {
	consumeOwn,
	container,
	docker,
	expectAllRunning,
	jetmedic,
	makeOwnStream,
	own,
	ownFlags,
	type Program,
	publish,
	restore,
	startTimes,
	streamState,
	withNats,
} from './scene.ts';

const purgeSubject = `$JS.API.STREAM.PURGE.${own.stream}`;
const flips = fileURLToPath(new URL('../disk/flips.mjs', import.meta.url));
const server = () => docker.getContainer('titan-nats');

/** A proxy that does something in the moment of the purge. */
async function atPurge(act: () => Promise<Verdict>) {
	const proxy = await natsProxy(({subject}) => (subject === purgeSubject ? act() : 'pass'));
	onTestFinished(proxy.close);
	return proxy;
}

/** The configuration that a run of the tests' own stream reads. */
async function configOf(state: string, natsUrl: string) {
	const flags = {natsUrl, stream: own.stream, consumer: own.consumer};
	const env = {...process.env, XDG_CONFIG_HOME: state};
	return (await loadConfig({cwd: state, env, flags})).config;
}

/** Freezes the server, as a hung disk does, until `thaw` or the end of the test. */
async function freeze(): Promise<void> {
	await server().pause();
	onTestFinished(thaw);
}

async function thaw(): Promise<void> {
	if ((await container('titan-nats')).State.Paused) {
		await server().unpause();
	}
}

const unknown = (run: Program) =>
	run.event(
		(event) => event.event === 'progress' && /outcome of the purge is unknown/.test(event.text ?? ''),
		'it does not know the outcome',
	);

const lost = (run: Program) => run.events.find(({event}) => event === 'lost');

describe('a purge', {timeout: 120_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('whose server froze is read until it stands still, and is sent once', async () => {
		await makeOwnStream(1500);
		await consumeOwn();
		const before = await startTimes();
		const proxy = await atPurge(async () => {
			await freeze();
			return 'pass';
		});
		const run = jetmedic(
			['run', 'purge', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state: await tempFolder()},
		);
		await unknown(run);
		await thaw();
		await run.ended();
		expect(lost(run)).toMatchObject({text: expect.stringMatching(/^500 messages, /)});
		expect(run.events).toContainEqual(
			expect.objectContaining({step: 'purge', status: 'done', text: '500 messages removed, 1,000 left'}),
		);
		expect(proxy.published(purgeSubject)).toBe(1);
		expect(await streamState(own.stream)).toMatchObject({first_seq: 501, last_seq: 1500});
		expect((await startTimes())['titan-nats']).toBe(before['titan-nats']);
	});

	it('that never reached its server is said to have done nothing, and is not sent again', async () => {
		await makeOwnStream(1500);
		const proxy = await atPurge(async () => 'drop');
		const run = jetmedic(
			['run', 'recover', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state: await tempFolder()},
		);
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'failed',
			error: expect.stringMatching(/got no answer .*stands as it was. Nothing was removed/),
		});
		expect(lost(run)).toBeUndefined();
		expect(proxy.published(purgeSubject)).toBe(1);
		expect((await streamState(own.stream)).messages).toBe(1500);
		await expectAllRunning();
	});

	it('that was done but whose answer was lost is known to be done', async () => {
		await makeOwnStream(1500);
		const proxy = await atPurge(async () => 'hang-up-after');
		const run = jetmedic(
			['run', 'purge', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state: await tempFolder()},
		);
		await run.step('purge', 'done');
		await consumeOwn();
		expect((await run.ended()).code).toBe(0);
		expect(proxy.published(purgeSubject)).toBe(1);
		expect(lost(run)).toMatchObject({text: expect.stringMatching(/^500 messages, /)});
	});

	it('that is aborted while it is under way is waited for, and then all is put back', async () => {
		await makeOwnStream(1500);
		const before = await startTimes();
		const proxy = await atPurge(async () => {
			await freeze();
			run.child.kill('SIGTERM');
			return 'pass';
		});
		const run: Program = jetmedic(
			['run', 'recover', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state: await tempFolder()},
		);
		await run.event(({event}) => event === 'aborting', 'it is aborted');
		await unknown(run);
		// Nothing is started again, let alone restarted, while the purge may still run.
		expect(run.events.some(({event}) => event === 'restored')).toBe(false);
		await thaw();
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({result: 'aborted'});
		expect(lost(run)).toMatchObject({text: expect.stringMatching(/^1,500 messages, /)});
		const order = run.events.map(({event}) => event);
		expect(order.indexOf('lost')).toBeLessThan(order.indexOf('restored'));
		expect(proxy.published(purgeSubject)).toBe(1);
		expect((await streamState(own.stream)).messages).toBe(0);
		expect((await startTimes())['titan-nats']).toBe(before['titan-nats']);
		await expectAllRunning();
	});

	it('that would take more than was confirmed takes nothing, and its services run again', async () => {
		await makeOwnStream(1500);
		const state = await tempFolder();
		const plan = jetmedic(['run', 'recover', '--dry-run', '--json', ...ownFlags], {state});
		const {impact, pins} = JSON.parse((await plan.ended()).stdout);
		expect(impact.unprocessed).toBe(1500);
		await withNats((nc) => publish(nc, own.subject, 501));
		const proxy = await natsProxy();
		onTestFinished(proxy.close);
		const run = jetmedic(
			[
				'run',
				'recover',
				'--yes',
				'--json',
				'--no-backup',
				// As a console starts it.
				'--id=confirmed-before',
				`--fingerprint=${fingerprint(await configOf(state, proxy.url))}`,
				`--pins=${JSON.stringify(pins)}`,
				'--confirmed=typed',
				`--confirmed-loss=${impact.unprocessed}`,
				'--nats-url',
				proxy.url,
				...ownFlags,
			],
			{state},
		);
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'failed',
			error: expect.stringContaining(
				'2,001 unprocessed messages would go now, and 1,500 were confirmed. Nothing was purged.',
			),
		});
		expect(proxy.published(purgeSubject)).toBe(0);
		expect((await streamState(own.stream)).messages).toBe(2001);
		await expectAllRunning();
	});

	it('of a run that was killed is waited for by the next one, before that restarts the server', async () => {
		await makeOwnStream(1500);
		await consumeOwn();
		const state = await tempFolder();
		const proxy = await atPurge(async () => {
			await freeze();
			killed.child.kill('SIGKILL');
			return 'pass';
		});
		const killed: Program = jetmedic(
			['run', 'purge', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state},
		);
		await killed.ended();
		const next = jetmedic(['run', 'restart', '--yes', '--json', ...ownFlags], {state});
		await next.step('restart');
		const steps = next.events.flatMap((event) =>
			event.event === 'step' && event.status === 'done' ? [event.step] : [],
		);
		expect(steps).toEqual(['preflight', 'settle']);
		expect(lost(next)).toMatchObject({removed: 500});
		await next.step('wait-server', 'done');
		expect(proxy.published(purgeSubject)).toBe(1);
		expect(await streamState(own.stream)).toMatchObject({first_seq: 501, last_seq: 1500});
	});

	it('that goes on in the server is waited for until the stream stands still', async () => {
		await makeOwnStream(1500);
		// What the server does one part after the other, with time between them.
		const parts = [1400, 1300, 1200, 1100, 1000];
		const proxy = await atPurge(async () => {
			void (async () => {
				for (const keep of parts) {
					await withNats((_nc, jsm) => jsm.streams.purge(own.stream, {keep}));
					await new Promise((resolve) => setTimeout(resolve, 700));
				}
			})();
			return 'drop';
		});
		const run = jetmedic(
			['run', 'purge', '--yes', '--json', '--no-backup', '--nats-url', proxy.url, ...ownFlags],
			{state: await tempFolder()},
		);
		await run.step('purge', 'done');
		expect(lost(run)).toMatchObject({removed: 500});
		expect((await streamState(own.stream)).messages).toBe(1000);
	});

	it('that was done in part is said to be, and is not sent again', async () => {
		await makeOwnStream(1500);
		const state = await tempFolder();
		// As where the server dies in the middle of it: the first part is gone.
		const proxy = await atPurge(async () => {
			await withNats((_nc, jsm) => jsm.streams.purge(own.stream, {keep: 1200}));
			return 'drop';
		});
		const run = jetmedic(['run', 'recover', '--yes', '--json', '--nats-url', proxy.url, ...ownFlags], {
			state,
		});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'failed',
			error: expect.stringMatching(/stopped in the middle .*: 300 messages went, 1,200 are left/),
		});
		expect(lost(run)).toMatchObject({removed: 300, backup: expect.stringContaining('/backups/')});
		expect(proxy.published(purgeSubject)).toBe(1);
		expect((await streamState(own.stream)).messages).toBe(1200);
		await expectAllRunning();
	});

	it('does not take what came after the backup', async () => {
		await makeOwnStream(1500);
		let isBackedUp = false;
		const proxy = await natsProxy(async ({subject}): Promise<Verdict> => {
			if (isBackedUp && subject === `$JS.API.STREAM.INFO.${own.stream}`) {
				isBackedUp = false;
				await withNats((nc) => publish(nc, own.subject, 1));
			}
			isBackedUp ||= subject === `$JS.API.STREAM.SNAPSHOT.${own.stream}`;
			return 'pass';
		});
		onTestFinished(proxy.close);
		const run = jetmedic(['run', 'recover', '--yes', '--json', '--nats-url', proxy.url, ...ownFlags], {
			state: await tempFolder(),
		});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toMatch(/1 message of RUNS_TEST came after the backup .*Nothing was purged/);
		expect(proxy.published(purgeSubject)).toBe(0);
		expect((await streamState(own.stream)).messages).toBe(1501);
		await expectAllRunning();
	});

	it.skipIf(!hasProc)('whose backup the disk did not keep is not sent', async () => {
		await makeOwnStream(1500);
		const state = await tempFolder();
		const run = jetmedic(['run', 'purge', '--yes', '--json', ...ownFlags], {state, preload: [flips]});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toMatch(
			/The backup failed, so nothing was purged: .*stream\.tar\.s2 is damaged/,
		);
		expect(readdirSync(placeIn(state).backups)).toEqual([]);
		expect((await streamState(own.stream)).messages).toBe(1500);
	});
});
