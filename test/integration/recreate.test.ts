/** A consumer that is gone, and comes back where it stopped. Runs inside `lab exec`. */
import {existsSync, rmSync} from 'node:fs';
import {AckPolicy, DeliverPolicy} from 'nats';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {natsProxy} from '../proxy/nats.ts';
import {until} from '../until.ts';
import {
	jetmedic,
	makeOwnStream,
	own,
	ownFlags,
	type Program,
	restore,
	startTimes,
	streamState,
	withNats,
} from './scene.ts';

const messages = 500;
const acknowledged = 200;

describe('a consumer that was deleted', {timeout: 60_000}, () => {
	beforeEach(restore, 120_000);
	afterAll(restore, 120_000);

	it('goes on where it stopped: nothing is removed, left out or given out twice', async () => {
		const state = await tempFolder();
		const before = await scene(state);
		const starts = await startTimes();
		await loseConsumer();
		const check = jetmedic(['check', '--json', ...ownFlags], {state});
		expect((await check.ended()).code).toBe(2);
		const {findings} = JSON.parse(check.lines[0]!);
		expect(findings).toContainEqual(
			expect.objectContaining({
				id: `consumer-missing:${own.stream}/${own.consumer}`,
				runbook: 'recreate',
				evidence: expect.stringContaining('it had acknowledged up to 200'),
			}),
		);

		const given = await takeLater();
		const run = jetmedic(['run', 'recreate', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await run.ended();
		expect(code, stdout).toBe(0);
		expect(run.result()).toMatchObject({result: 'verified'});
		await until('all is taken', () => given.length === messages - acknowledged);
		expect(given).toEqual(
			Array.from({length: messages - acknowledged}, (_, index) => acknowledged + index + 1),
		);
		expect((await streamState(own.stream)).messages).toBe(messages);
		expect(await config()).toEqual(before);
		expect(await startTimes()).toEqual(starts);
	});

	it('that began with new messages only is given what waited, too', async () => {
		const state = await tempFolder();
		await scene(state, {deliver_policy: DeliverPolicy.New});
		await loseConsumer();
		const given = await takeLater();
		const run = jetmedic(['run', 'recreate', '--yes', '--json', ...ownFlags], {state});
		await run.ended();
		expect(run.events).toContainEqual(
			expect.objectContaining({
				step: 'recreate',
				status: 'done',
				text: expect.stringMatching(/after sequence 200.*by a start sequence/),
			}),
		);
		await until('all is taken', () => given.length === messages - acknowledged);
		expect(given[0]).toBe(acknowledged + 1);
	});

	it('wants the name of the stream where nobody saw where it stopped, and says what comes again', async () => {
		const state = await tempFolder();
		await scene(state);
		await loseConsumer();
		const {memory} = placeIn(state);
		expect(existsSync(memory)).toBe(true);
		rmSync(memory);
		const plan = jetmedic(['run', 'recreate', '--dry-run', '--json', ...ownFlags], {state});
		expect((await plan.ended()).code).toBe(0);
		const {confirmation, checks} = JSON.parse(plan.lines[0]!);
		expect(confirmation).toEqual({kind: 'type', text: own.stream});
		expect(checks).toContainEqual(
			expect.objectContaining({
				name: own.consumer,
				evidence: expect.stringContaining('up to 500 messages are delivered again'),
			}),
		);
	});

	it('is refused while the consumer is there', async () => {
		const state = await tempFolder();
		await scene(state);
		const run = jetmedic(['run', 'recreate', '--dry-run', '--json', ...ownFlags], {state});
		expect((await run.ended()).code).toBe(1);
		expect(JSON.parse(run.lines[0]!).blockers).toEqual([
			expect.stringContaining('is there, so there is nothing to recreate'),
		]);
	});

	it('and one that is ahead of its stream is moved to the first message that there is', async () => {
		const state = await tempFolder();
		await scene(state);
		await withNats(async (nc) => {
			const answer = await nc.request(
				`$JS.API.CONSUMER.RESET.${own.stream}.${own.consumer}`,
				JSON.stringify({seq: 10_000}),
				{timeout: 3000},
			);
			expect(answer.json()).not.toHaveProperty('error');
		});
		expect((await info()).ack_floor.stream_seq).toBeGreaterThan(messages);
		const plan = jetmedic(['run', 'recreate', '--dry-run', '--json', ...ownFlags], {state});
		await plan.ended();
		// Nobody knows which of them were processed: all are, here.
		expect(JSON.parse(plan.lines[0]!).confirmation).toEqual({kind: 'type', text: own.stream});
		const given = await takeLater();
		const run = jetmedic(['run', 'recreate', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await run.ended();
		expect(code, stdout).toBe(0);
		await until('all is taken', () => given.length === messages);
		expect(given[0]).toBe(1);
	});

	it('is given out nothing by a run that was killed before it had moved it, and the resumption moves it', async () => {
		const state = await tempFolder();
		const before = await scene(state);
		await loseConsumer();
		const given = await takeLater();
		const proxy = await natsProxy(({subject}) => {
			if (subject !== `$JS.API.CONSUMER.RESET.${own.stream}.${own.consumer}`) {
				return 'pass';
			}
			run.child.kill('SIGKILL');
			return 'drop';
		});
		onTestFinished(proxy.close);
		const run: Program = jetmedic(
			['run', 'recreate', '--yes', '--json', '--nats-url', proxy.url, ...ownFlags],
			{state},
		);
		expect((await run.ended()).signal).toBe('SIGKILL');
		expect(await info()).toMatchObject({paused: true, num_pending: messages});
		// Whoever looks meanwhile sees a consumer that has acknowledged nothing, and must not believe it.
		const check = jetmedic(['check', '--json', ...ownFlags], {state});
		await check.ended();
		expect(JSON.parse(check.lines[0]!).findings).toContainEqual(
			expect.objectContaining({id: `consumer-paused:${own.stream}/${own.consumer}`, runbook: 'recreate'}),
		);
		const resumed = jetmedic(['run', '--resume', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await resumed.ended();
		expect(code, stdout).toBe(0);
		await until('all is taken', () => given.length === messages - acknowledged);
		expect(given[0]).toBe(acknowledged + 1);
		expect(await info()).not.toHaveProperty('paused');
		expect(await config()).toEqual(before);
	});

	it('that could not be moved stays paused, and is moved by whoever recreates it again', async () => {
		const state = await tempFolder();
		const before = await scene(state);
		await loseConsumer();
		const given = await takeLater();
		const proxy = await natsProxy(({subject}) =>
			subject === `$JS.API.CONSUMER.RESET.${own.stream}.${own.consumer}` ? 'drop' : 'pass',
		);
		onTestFinished(proxy.close);
		const failed = jetmedic(['run', 'recreate', '--yes', '--json', '--nats-url', proxy.url, ...ownFlags], {
			state,
		});
		expect((await failed.ended()).code).toBe(1);
		expect(failed.result()).toMatchObject({
			result: 'failed',
			error: expect.stringMatching(/was created and is paused; .* Recreate it again \(C\)/),
		});
		// Another operator, whose console remembers nothing of it.
		const other = await tempFolder();
		await jetmedic(['check', ...ownFlags], {state: other}).ended();
		const again = jetmedic(['run', 'recreate', '--yes', '--json', ...ownFlags], {state: other});
		const {code, stdout} = await again.ended();
		expect(code, stdout).toBe(0);
		await until('all is taken', () => given.length === messages - acknowledged);
		expect(given[0]).toBe(acknowledged + 1);
		expect(await config()).toEqual(before);
	});
});

/** Some messages are acknowledged, and a look has seen it. Gives the consumer's configuration. */
async function scene(state: string, consumer: object = {}): Promise<object> {
	await makeOwnStream(0);
	await withNats(async (nc, jsm) => {
		await jsm.consumers.delete(own.stream, own.consumer);
		await jsm.consumers.add(own.stream, {
			durable_name: own.consumer,
			ack_policy: AckPolicy.Explicit,
			...consumer,
		});
		const js = nc.jetstream();
		await Promise.all(Array.from({length: messages}, () => js.publish(own.subject, 'x')));
		const consumed = await (await js.consumers.get(own.stream, own.consumer)).fetch({
			max_messages: acknowledged,
			expires: 5000,
		});
		for await (const message of consumed) {
			await message.ackAck();
		}
	});
	await jetmedic(['check', ...ownFlags], {state}).ended();
	return config();
}

const loseConsumer = (): Promise<boolean> =>
	withNats((_nc, jsm) => jsm.consumers.delete(own.stream, own.consumer));

const info = () => withNats((_nc, jsm) => jsm.consumers.info(own.stream, own.consumer));
const config = async (): Promise<object> => (await info()).config;

/** Takes and acknowledges what the consumer gives out, from the moment that it is there. Gives the sequences. */
async function takeLater(): Promise<number[]> {
	const given: number[] = [];
	let ended = false;
	onTestFinished(() => {
		ended = true;
	});
	void withNats(async (nc) => {
		const consumer = await until(
			'the consumer is there',
			() =>
				nc
					.jetstream()
					.consumers.get(own.stream, own.consumer)
					.catch(() => undefined),
			30_000,
			5,
		);
		const taken = await consumer.consume();
		for await (const message of taken) {
			given.push(message.seq);
			message.ack();
			if (ended) {
				break;
			}
		}
	}).catch(() => {});
	return given;
}
