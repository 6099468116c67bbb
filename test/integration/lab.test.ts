/** Breaks and mends every fault on a real lab. Runs inside `lab exec`, which names the lab and its engine. */
import {setTimeout as sleep} from 'node:timers/promises';
import Docker from 'dockerode';
import {connect} from 'nats';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, labEnv, mend} from '../../lab/lab.ts';

const SEEN_MS = 15_000;
const MEND_MS = 15_000;

/** Asks again and again until the answer is yes; the last failure is the error. */
async function eventually(what: string, ask: () => Promise<boolean>, deadlineMs = SEEN_MS): Promise<void> {
	const deadline = Date.now() + deadlineMs;
	let reason = 'the answer stayed no';
	for (;;) {
		try {
			if (await ask()) return;
		} catch (error) {
			reason = String(error);
		}
		if (Date.now() > deadline) throw new Error(`Not seen in ${deadlineMs} ms: ${what} (${reason})`);
		await sleep(50);
	}
}

const docker = new Docker();
const container = async (name: string) => docker.getContainer(name).inspect();

/** The status code and text of a page; 0 when nothing answers. */
async function page(url: string): Promise<{status: number; text: string}> {
	try {
		const response = await fetch(url, {signal: AbortSignal.timeout(1500)});
		return {status: response.status, text: await response.text()};
	} catch {
		return {status: 0, text: ''};
	}
}

async function figures() {
	const nc = await connect({servers: '127.0.0.1:4222', timeout: 1500, reconnect: false});
	try {
		const jsm = await nc.jetstreamManager({checkAPI: false, timeout: 2000});
		const stream = await jsm.streams.info('TITAN_INTENTS');
		const consumer = await jsm.consumers.info('TITAN_INTENTS', 'execution-consumer');
		return {stream, consumer, nc};
	} finally {
		await nc.close();
	}
}

const health = {
	nats: () => page('http://127.0.0.1:8222/healthz'),
	brain: () => page('http://127.0.0.1:3100/health'),
	execution: () => page('http://127.0.0.1:8081/health'),
	metrics: () => page('http://127.0.0.1:3002/metrics'),
};

/** What an onlooker sees of each fault. */
const symptoms: Record<string, () => Promise<boolean>> = {
	'nats-killed': async () => (await container('titan-nats')).RestartCount > restartsBefore,
	'nats-stopped': async () =>
		(await container('titan-nats')).State.Status === 'exited' &&
		(await health.nats()).status === 0 &&
		(await health.brain()).status === 503,
	'nats-paused': async () =>
		(await container('titan-nats')).State.Status === 'paused' && (await health.brain()).status === 503,
	'stream-full': async () => {
		const {stream} = await figures();
		const full = stream.state.bytes > stream.config.max_bytes * 0.99;
		return full && /10077/.test((await health.brain()).text) && (await health.brain()).status === 503;
	},
	'consumer-stalled': async () => {
		const {consumer} = await figures();
		const stalled =
			consumer.num_ack_pending === consumer.config.max_ack_pending && consumer.num_pending > 500;
		return stalled && (await health.execution()).status === 200;
	},
	'execution-partitioned': async () => {
		const {NetworkSettings, State} = await container('titan-execution');
		const cut = Object.keys(NetworkSettings.Networks).length === 0 && State.Status === 'running';
		return cut && (await health.execution()).status === 0 && (await figures()).consumer.num_pending > 0;
	},
	'brain-down': async () =>
		(await container('titan-brain')).State.Status === 'exited' && (await health.brain()).status === 0,
	'metrics-down': async () =>
		(await container('titan-sentinel')).State.Status === 'running' && (await health.metrics()).status === 0,
};

let restartsBefore = 0;

/** Seen from outside, without asking the lab: all is well and messages flow from end to end. */
async function expectWell(): Promise<void> {
	expect((await health.nats()).status).toBe(200);
	expect((await health.brain()).status).toBe(200);
	expect((await health.execution()).status).toBe(200);
	expect((await health.metrics()).text).toMatch(/^nats_lag_messages\{.*\} \d+$/m);
	for (const name of ['titan-nats', 'titan-brain', 'titan-execution']) {
		expect((await container(name)).State.Health?.Status, name).toBe('healthy');
	}
	const {stream, consumer} = await figures();
	expect(stream.state.bytes).toBeLessThan(stream.config.max_bytes / 2);
	expect(consumer.num_ack_pending).toBeLessThan(100);
	const floor = consumer.ack_floor.stream_seq;
	await eventually(
		'the ack floor moving',
		async () => (await figures()).consumer.ack_floor.stream_seq > floor,
		5000,
	);
}

describe('the lab', {timeout: 90_000}, () => {
	beforeAll(() => mend(), 90_000);
	afterAll(() => mend(), 90_000);

	it('has a symptom to look for in every fault of the table', () => {
		expect(Object.keys(symptoms).sort()).toEqual(FAULTS.map((fault) => fault.name).sort());
	});

	it('hands out the environment that this test runs in', async () => {
		expect((await labEnv())['DOCKER_HOST']).toBe(process.env['DOCKER_HOST']);
	});

	it.each(FAULTS.map((fault) => fault.name))('%s shows, and mend undoes it', async (name) => {
		restartsBefore = (await container('titan-nats')).RestartCount;
		await breakFault(name);
		await eventually(name, symptoms[name] ?? (async () => false));
		const start = Date.now();
		await mend();
		expect(Date.now() - start).toBeLessThan(MEND_MS);
		await expectWell();
	});

	it('mends several faults at once', async () => {
		for (const name of [
			'consumer-stalled',
			'metrics-down',
			'execution-partitioned',
			'brain-down',
			'nats-paused',
		]) {
			await breakFault(name);
		}
		const start = Date.now();
		await mend();
		expect(Date.now() - start).toBeLessThan(MEND_MS);
		await expectWell();
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
});
