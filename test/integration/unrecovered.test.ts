/** A stream whose record the server lost. Runs inside `lab exec`. */
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';
import {
	consumeOwn,
	docker,
	expectAllRunning,
	jetmedic,
	loseRecord,
	makeOwnStream,
	own,
	ownFlags,
	publish,
	restore,
	streamState,
	withNats,
} from './scene.ts';

describe('a stream that the server could not recover', {timeout: 120_000}, () => {
	beforeEach(restore, 120_000);
	afterAll(restore, 120_000);

	it('is named, and full recovery gives it back with its messages and its consumers, and purges nothing', async () => {
		const state = await tempFolder();
		await makeOwnStream(1500, {max_bytes: 12_345_678});
		await withNats(async (_nc, jsm) => {
			for (const durable_name of ['second', 'third']) {
				await jsm.consumers.add(own.stream, {durable_name, ack_policy: 'explicit' as never});
			}
		});
		// A look keeps the configuration.
		await jetmedic(['check', ...ownFlags], {state}).ended();
		const before = await streamState(own.stream);
		await loseRecord();

		const check = jetmedic(['check', '--json', ...ownFlags], {state});
		expect((await check.ended()).code).toBe(2);
		const {findings} = JSON.parse(check.lines[0]!);
		expect(findings[0]).toMatchObject({severity: 'critical', runbook: 'recover'});
		expect(findings[0].title).toContain(own.stream);

		await consumeOwnLater();
		const run = jetmedic(['run', 'recover', '--yes', '--json', ...ownFlags], {state});
		const {code, stdout} = await run.ended();
		expect(code, stdout).toBe(0);
		expect(run.events).toContainEqual(
			expect.objectContaining({
				step: 'readopt',
				status: 'done',
				text: expect.stringMatching(/^1,500 messages came back, .*, sequence 1 to 1500; created: /),
			}),
		);
		for (const step of ['backup', 'purge']) {
			expect(run.events).toContainEqual(expect.objectContaining({step, status: 'skipped'}));
		}
		expect(run.events.some(({event}) => event === 'lost')).toBe(false);
		const after = await streamState(own.stream);
		expect(after).toMatchObject({messages: before.messages, first_seq: 1, last_seq: before.last_seq});
		await withNats(async (nc, jsm) => {
			expect((await jsm.streams.info(own.stream)).config.max_bytes).toBe(12_345_678);
			const consumers = await jsm.consumers.list(own.stream).next();
			expect(consumers.map(({name}) => name).sort()).toEqual([own.consumer, 'second', 'third'].sort());
			await publish(nc, own.subject, 1);
		});
		await expectAllRunning();
		// The update made the server write its record anew: another restart finds the stream.
		await docker.getContainer('titan-nats').restart();
		await until('the stream is there', async () => (await streamState(own.stream)).messages === 1501, 60_000);
	});
});

/** The consumer's floor must move for the verification; it is there only once the run has created it. */
async function consumeOwnLater(): Promise<void> {
	void until('the consumer is there', () => consumeOwn().then(() => true), 60_000, 100).catch(() => {});
}
