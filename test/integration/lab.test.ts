/** Breaks and mends several faults at once, and those of a cluster, on a real lab. Runs inside `lab exec`, which names the lab and its engine. */
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, labEnv, labUp, mend} from '../../lab/lab.ts';
import {container, docker, figures, health, lookBefore, symptoms} from '../lab/symptoms.ts';
import {until} from '../until.ts';

const SEEN_MS = 15_000;
const MEND_MS = 20_000;

/** Asks again and again until the answer is yes; a question that fails counts as a no. */
const eventually = (what: string, ask: () => Promise<boolean>, withinMs = SEEN_MS) =>
	until(what, ask, withinMs, 100);

/** Seen from outside, without asking the lab: all is well and messages flow from end to end. */
async function expectWell(servers: readonly string[]): Promise<void> {
	for (const [index] of servers.entries()) expect((await health.nats(8222 + index)).status).toBe(200);
	expect((await health.brain()).status).toBe(200);
	expect((await health.execution()).status).toBe(200);
	expect((await health.metrics()).text).toMatch(/^nats_lag_messages\{.*\} \d+$/m);
	for (const name of [...servers, 'titan-brain', 'titan-execution']) {
		expect((await container(name)).State.Health?.Status, name).toBe('healthy');
	}
	const {stream, consumer} = await figures();
	expect(stream.state.bytes).toBeLessThan(stream.config.max_bytes / 2);
	expect(stream.state.num_deleted ?? 0).toBe(0);
	expect(stream.cluster?.replicas ?? []).toHaveLength(servers.length - 1);
	expect(consumer.num_ack_pending).toBeLessThan(100);
	expect(consumer.config.max_deliver).toBe(-1);
	const floor = consumer.ack_floor.stream_seq;
	await eventually(
		'the ack floor moves',
		async () => (await figures()).consumer.ack_floor.stream_seq > floor,
		5000,
	);
}

/** Breaks, sees, mends within the time, and sees that all is well. */
async function breakAndMend(names: readonly string[], servers: readonly string[]): Promise<void> {
	const before = await lookBefore();
	for (const name of names) await breakFault(name);
	for (const name of names) await eventually(name, () => symptoms[name]!(before));
	const start = Date.now();
	await mend();
	expect(Date.now() - start).toBeLessThan(MEND_MS);
	await expectWell(servers);
}

/** What a failed test left broken must not fail the next one. */
const mendAfterFailure = ({task}: {task: {result?: {state: string} | undefined}}): Promise<void> =>
	task.result?.state === 'fail' ? mend() : Promise.resolve();

const named = (...topologies: string[]) =>
	FAULTS.filter(({topology}) => topologies.includes(topology)).map(({name}) => name);

describe('the lab', {timeout: 90_000}, () => {
	const servers = ['titan-nats'];
	beforeAll(() => mend(), 90_000);
	afterEach(mendAfterFailure, 90_000);
	afterAll(() => mend(), 90_000);

	// Each fault of a single server is made, seen from outside and mended in e2e/faults.test.ts.
	it('has a symptom to look for in every fault of the table', () => {
		expect(Object.keys(symptoms).sort()).toEqual(FAULTS.map((fault) => fault.name).sort());
	});

	it('hands out the environment that this test runs in', async () => {
		expect((await labEnv())['DOCKER_HOST']).toBe(process.env['DOCKER_HOST']);
	});

	it.each([
		['metrics-down', 'consumer-stalled', 'brain-down', 'nats-paused'],
		['stream-sealed', 'nats-hung'],
		['consumer-paused', 'execution-removed'],
		['login-required', 'engine-stopped'],
		['nats-crash-loop', 'nats-removed'],
	])('mends several faults at once: %s, %s', async (...names) => {
		for (const name of names) await breakFault(name);
		const start = Date.now();
		await mend();
		expect(Date.now() - start).toBeLessThan(MEND_MS);
		await expectWell(servers);
	});

	it('creates a container that was removed', async () => {
		await docker.getContainer('titan-scavenger').remove({force: true});
		await mend();
		expect((await container('titan-scavenger')).State.Status).toBe('running');
	});

	it('has nothing to do on a healthy deployment', async () => {
		const before = await container('titan-nats');
		await mend();
		expect((await container('titan-nats')).State.StartedAt).toBe(before.State.StartedAt);
	});

	it('refuses a fault of the other form with a sentence', async () => {
		await expect(breakFault('quorum-lost')).rejects.toThrow(
			/quorum-lost needs three NATS servers.*up --cluster/,
		);
	});
});

describe('the lab as a cluster', {timeout: 90_000}, () => {
	const servers = ['titan-nats', 'titan-nats-2', 'titan-nats-3'];
	beforeAll(() => labUp({topology: 'cluster'}), 180_000);
	afterEach(mendAfterFailure, 90_000);
	afterAll(() => labUp({topology: 'single'}), 180_000);

	it.each(named('cluster'))('%s shows, and mend undoes it', (name) => breakAndMend([name], servers));

	it('mends several faults at once', async () => {
		for (const name of ['consumer-stalled', 'node-partitioned', 'leader-killed']) await breakFault(name);
		await mend();
		await expectWell(servers);
	});

	it('refuses a fault of the other form with a sentence', async () => {
		await expect(breakFault('disk-full')).rejects.toThrow(/disk-full is a fault of a single.*up --single/);
	});
});
