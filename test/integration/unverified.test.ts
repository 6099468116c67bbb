/** Runs that end without a proof. Runs inside `lab exec`. */
import {AckPolicy} from 'nats';
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {tempFolder} from '../config/temp.ts';
import {
	consumeOwn,
	expectAllRunning,
	jetmedic,
	makeOwnStream,
	own,
	ownFlags,
	restore,
	withNats,
} from './scene.ts';

// A verification alone, and a short one.
const config =
	'runbooks:\n  - {id: prove, title: prove, steps: [{verify: true, withinSeconds: 6}]}\n  - {id: again, title: again, steps: [{restart: titan-sentinel}, {verify: true, withinSeconds: 4}]}\n';
const floorCheck = `${own.consumer} is there and its floor moves`;

const start = async (runbook: string, ...flags: string[]) =>
	jetmedic(['run', runbook, '--yes', '--json', '--config', 'own.yaml', ...flags], {
		state: await tempFolder({'own.yaml': config}),
	});

describe('a run is not verified', {timeout: 60_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('whose consumer stands still, and says so and what to try', async () => {
		await makeOwnStream(10);
		const run = await start('prove', ...ownFlags);
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({result: 'unverified'});
		expect(run.result()?.checks.filter(({ok}) => !ok)).toMatchObject([
			{
				name: floorCheck,
				evidence: 'floor stands at 0, lag 10, ack pending 0',
				next: expect.stringContaining('Restart the service that consumes runs-consumer'),
			},
		]);
	});

	it('whose consumer moved once: that may be its last movement', async () => {
		await makeOwnStream(10);
		const run = await start('prove', ...ownFlags);
		// The stream was looked at three times by then, and the floor at least once.
		await run.event(
			(event) => event.event === 'check' && event.name === `${own.stream} answers`,
			'the first looks are over',
		);
		await withNats(async (nc, jsm) => {
			expect((await jsm.consumers.info(own.stream, own.consumer)).config.ack_policy).toBe(AckPolicy.Explicit);
			const consumer = await nc.jetstream().consumers.get(own.stream, own.consumer);
			await (await consumer.next())?.ackAck();
		});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({result: 'unverified'});
		expect(run.result()?.checks.filter(({ok}) => !ok)).toMatchObject([
			{name: floorCheck, evidence: 'floor stands at 1, lag 9, ack pending 0'},
		]);
	});

	it('in which somebody else purged the stream, and says how many messages are gone', async () => {
		await makeOwnStream(3000);
		await consumeOwn();
		const run = await start('recover', ...ownFlags);
		// The services take seconds to stop; the run has counted the stream by then.
		await run.step('stop');
		await withNats((_nc, jsm) => jsm.streams.purge(own.stream, {keep: 5}));
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({result: 'unverified'});
		expect(run.result()?.checks.filter(({ok}) => !ok)).toMatchObject([
			{
				name: `every message of ${own.stream} is accounted for`,
				evidence: expect.stringMatching(/^2,995 messages are gone that this run did not remove/),
			},
		]);
	});

	it('whose service has not reconnected, although it did all its steps', async () => {
		await breakFault('brain-down');
		const run = await start('again');
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({result: 'unverified'});
		expect(
			run
				.result()
				?.checks.filter(({ok}) => !ok)
				.map(({name}) => name),
		).toEqual(expect.arrayContaining(['containers running and healthy', 'brain nats healthy']));
		await restore();
		await expectAllRunning();
	});
});
