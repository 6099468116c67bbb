import {describe, expect, it} from 'vitest';
import type {Control, Deployment} from '../../source/deployment/deployment.ts';
import {type JetStreamControl, JetStreamError, knowsReset} from '../../source/deployment/jetstream.ts';

/** A deployment that the contract is tried on, and what a client of it does. */
export type Bench = {
	deployment: Deployment & {control: Control};
	/** Awaits an answer; in the world, time goes on meanwhile. */
	go<T>(asked: Promise<T>): Promise<T>;
	/** Publishes so many messages, each to `contract.<its sequence modulo 4>`. */
	publish(stream: string, count: number): Promise<void>;
	/** Takes so many messages from a consumer and acknowledges them. */
	acknowledge(stream: string, consumer: string, count: number): Promise<void>;
};

const stream = 'CONTRACT';
const consumer = 'contract-consumer';
const config = (changes: object = {}): Record<string, unknown> => ({
	name: stream,
	subjects: ['contract.*'],
	retention: 'limits',
	storage: 'file',
	discard: 'old',
	max_bytes: -1,
	max_msgs: -1,
	num_replicas: 1,
	...changes,
});
const durable = (changes: object = {}): Record<string, unknown> => ({
	durable_name: consumer,
	deliver_policy: 'all',
	ack_policy: 'explicit',
	...changes,
});

/**
What both forms of a deployment, the real one and the simulated one, answer to the same calls: so the world of the tests
cannot drift from the truth.

@param withBench - Makes a bench, with no stream CONTRACT on it, hands it over, and clears up.
*/
export function keepsContract(withBench: (work: (bench: Bench) => Promise<void>) => Promise<void>): void {
	const connected = (work: (nats: JetStreamControl, bench: Bench) => Promise<void>): Promise<void> =>
		withBench(async (bench) => {
			const nats = await bench.go(bench.deployment.control.connect());
			try {
				await work(nats, bench);
			} finally {
				await bench.go(nats.close());
			}
		});
	const refusal = async (asked: Promise<unknown>): Promise<{code: number; errCode: number}> => {
		const error = await asked.then(
			() => new Error('it was not refused'),
			(thrown: Error) => thrown,
		);
		expect(error).toBeInstanceOf(JetStreamError);
		const {code, errCode} = error as JetStreamError;
		return {code, errCode};
	};

	describe('containers', () => {
		const service = 'titan-scavenger';
		const find = async ({deployment, go}: Bench, name = service) =>
			(await go(deployment.engine.containers())).find((one) => one.service === name)!;

		it('are listed with what a run goes by', () =>
			withBench(async (bench) => {
				expect(await find(bench, 'titan-nats')).toMatchObject({status: 'running', health: 'healthy'});
				expect((await find(bench, 'titan-execution')).dependsOn).toContain('titan-nats');
				expect((await find(bench)).networks).toHaveLength(1);
			}));

		it('are stopped and started twice without an error', () =>
			withBench(async (bench) => {
				const {go} = bench;
				const {control} = bench.deployment;
				const {containerId} = await find(bench);
				for (const status of ['exited', 'exited', 'running', 'running'] as const) {
					await go(status === 'exited' ? control.stop(containerId, 2) : control.start(containerId));
					expect((await find(bench)).status).toBe(status);
				}
				await go(control.unpause(containerId));
				const {startedAt} = await find(bench);
				await go(control.restart(containerId, 2));
				expect((await find(bench)).startedAt).toBeGreaterThan(startedAt!);
			}));

		it('that are not there are a 404, and have no mounts', () =>
			withBench(async ({deployment, go}) => {
				const {control, engine} = deployment;
				for (const call of [control.stop, control.start, control.restart, control.unpause]) {
					await expect(go(call('feedfacefeed'))).rejects.toMatchObject({statusCode: 404});
				}
				expect(await go(engine.mounts('feedfacefeed'))).toEqual([]);
			}));
	});

	it('says that its server is well, and where its store is', () =>
		withBench(async ({deployment: {server}, go}) => {
			const monitor = 'http://127.0.0.1:8222';
			expect((await go(server.healthz(monitor))).status).toBe('ok');
			expect((await go(server.store(monitor))).folder).toMatch(/\/jetstream$/);
		}));

	describe('a stream', () => {
		it('that is not there is 10059, and so is all that is asked of it', () =>
			connected(async (nats, {go}) => {
				// Made one after the other: an answer that nobody awaits yet must not end the process.
				const asks: (() => Promise<unknown>)[] = [
					() => nats.stream('NO_SUCH'),
					() => nats.consumers('NO_SUCH'),
					() => nats.consumer('NO_SUCH', consumer),
					() => nats.purge('NO_SUCH', 1),
				];
				for (const ask of asks) {
					expect(await refusal(go(ask()))).toEqual({code: 404, errCode: 10059});
				}
			}));

		it('is made, and made again as it is', () =>
			connected(async (nats, {go, publish}) => {
				await go(nats.createStream(config()));
				await publish(stream, 3);
				await go(nats.createStream(config()));
				await go(nats.updateStream(config()));
				const {state, created} = await go(nats.stream(stream));
				expect(state).toMatchObject({messages: 3, first_seq: 1, last_seq: 3});
				expect(Date.parse(created)).toBeGreaterThan(0);
			}));

		it('keeps what a purge is told to keep, and moves its consumers up', () =>
			connected(async (nats, {go, publish, acknowledge}) => {
				await go(nats.createStream(config()));
				await publish(stream, 10);
				await go(nats.createConsumer(stream, durable()));
				await acknowledge(stream, consumer, 2);
				expect(await go(nats.purge(stream, 20))).toBe(0);
				expect(await go(nats.purge(stream, 3))).toBe(7);
				expect((await go(nats.stream(stream))).state).toMatchObject({
					messages: 3,
					first_seq: 8,
					last_seq: 10,
				});
				const {ack_floor: floor, num_pending: pending} = await go(nats.consumer(stream, consumer));
				expect([floor.stream_seq, pending]).toEqual([7, 3]);
				expect(await go(nats.purge(stream, 'nothing'))).toBe(3);
				expect((await go(nats.stream(stream))).state).toMatchObject({
					messages: 0,
					first_seq: 11,
					last_seq: 10,
				});
			}));

		it('that is sealed or denies it is not purged', () =>
			connected(async (nats, {go, publish}) => {
				await go(nats.createStream(config({deny_purge: true})));
				await publish(stream, 3);
				const denied = await refusal(go(nats.purge(stream, 1)));
				expect(denied.errCode).toBe(10110);
				await go(nats.updateStream(config({deny_purge: true, sealed: true})));
				expect(await refusal(go(nats.purge(stream, 1)))).toEqual({code: 400, errCode: 10109});
			}));

		it('that is a work queue loses what is acknowledged', () =>
			connected(async (nats, {go, publish, acknowledge}) => {
				await go(nats.createStream(config({retention: 'workqueue'})));
				await publish(stream, 6);
				await go(nats.createConsumer(stream, durable()));
				await acknowledge(stream, consumer, 4);
				expect((await go(nats.stream(stream))).state).toMatchObject({messages: 2, first_seq: 5, last_seq: 6});
			}));
	});

	describe('a consumer', () => {
		it('that is not there is 10014', () =>
			connected(async (nats, {go}) => {
				await go(nats.createStream(config()));
				expect(await refusal(go(nats.consumer(stream, consumer)))).toEqual({code: 404, errCode: 10014});
				expect(await refusal(go(nats.deleteConsumer(stream, consumer)))).toEqual({code: 404, errCode: 10014});
			}));

		it('is made twice, listed, and counts what its filter wants', () =>
			connected(async (nats, {go, publish}) => {
				await go(nats.createStream(config()));
				await publish(stream, 10);
				for (const _ of [1, 2]) {
					await go(nats.createConsumer(stream, durable({filter_subject: 'contract.2'})));
				}
				const {consumers} = await go(nats.consumers(stream));
				expect(consumers).toHaveLength(1);
				expect(consumers[0]).toMatchObject({name: consumer, num_pending: 3, num_ack_pending: 0});
				expect(
					(await refusal(go(nats.createConsumer(stream, durable({deliver_policy: 'new'}))))).errCode,
				).toBe(10012);
				await go(nats.deleteConsumer(stream, consumer));
				expect((await go(nats.consumers(stream))).consumers).toEqual([]);
			}));

		it('begins where its configuration says, and goes where it is moved', () =>
			connected(async (nats, {go, publish}) => {
				await go(nats.createStream(config()));
				await publish(stream, 10);
				await go(
					nats.createConsumer(stream, durable({deliver_policy: 'by_start_sequence', opt_start_seq: 5})),
				);
				expect(await go(nats.consumer(stream, consumer))).toMatchObject({
					delivered: {stream_seq: 4},
					ack_floor: {stream_seq: 4},
					num_pending: 6,
				});
				if (knowsReset(nats.version)) {
					await go(nats.resetConsumer(stream, consumer, 8));
					expect(await go(nats.consumer(stream, consumer))).toMatchObject({
						ack_floor: {stream_seq: 7},
						num_pending: 3,
					});
				}
			}));
	});
}
