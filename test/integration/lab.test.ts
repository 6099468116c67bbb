/** Breaks and mends several faults at once on a real lab. Runs inside `lab exec`, which names the lab and its engine. */
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, labEnv, mend} from '../../lab/lab.ts';
import {container, docker, symptoms} from '../lab/symptoms.ts';
import {expectWell} from '../lab/well.ts';

const MEND_MS = 20_000;

/** What a failed test left broken must not fail the next one. */
const mendAfterFailure = ({task}: {task: {result?: {state: string} | undefined}}): Promise<void> =>
	task.result?.state === 'fail' ? mend() : Promise.resolve();

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
