// What the tests on the lab share: the deployment, a stream of their own, and jetmedic as a program.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import Dockerode from 'dockerode';
import {AckPolicy, connect, type JetStreamManager, type NatsConnection} from 'nats';
import {expect, onTestFinished} from 'vitest';
import {mend} from '../../lab/lab.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {until} from '../until.ts';

/** The services that a full recovery stops. */
export const clients = ['titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

export const docker = new Dockerode();

/** A stream of the tests' own, and its consumer. */
export const own = {stream: 'RUNS_TEST', consumer: 'runs-consumer', subject: 'runs.test.a'};
export const ownFlags = ['--stream', own.stream, '--consumer', own.consumer];

export async function withNats<T>(
	work: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
): Promise<T> {
	const connection = await connect({servers: '127.0.0.1:4222', timeout: 2000, reconnect: false});
	try {
		return await work(connection, await connection.jetstreamManager({checkAPI: false, timeout: 5000}));
	} finally {
		await connection.close();
	}
}

/** Makes the tests' own stream anew, with this many messages; gone when the test ends. */
export async function makeOwnStream(messages: number, config: object = {}): Promise<void> {
	onTestFinished(dropOwnStream);
	await dropOwnStream();
	await withNats(async (nc, jsm) => {
		await jsm.streams.add({name: own.stream, subjects: ['runs.test.>'], ...config});
		await jsm.consumers.add(own.stream, {durable_name: own.consumer, ack_policy: AckPolicy.Explicit});
		await publish(nc, own.subject, messages);
	});
}

/** A sealed stream, or one that a test deleted itself, may be gone or go: both are fine. */
async function dropOwnStream(): Promise<void> {
	await withNats((_nc, jsm) => jsm.streams.delete(own.stream)).catch(() => {});
}

/** Acknowledges what the tests' own stream holds and gets, until the test ends. */
export async function consumeOwn(servers: string[] = ['127.0.0.1:4222']): Promise<void> {
	const connection = await connect({servers, timeout: 2000, reconnect: false});
	onTestFinished(() => connection.close());
	const consumer = await connection.jetstream().consumers.get(own.stream, own.consumer);
	const messages = await consumer.consume();
	void (async () => {
		for await (const message of messages) {
			message.ack();
		}
	})();
}

export async function publish(nc: NatsConnection, subject: string, messages: number): Promise<void> {
	const js = nc.jetstream({timeout: 10_000});
	for (let sent = 0; sent < messages; sent += 500) {
		await Promise.all(
			Array.from({length: Math.min(500, messages - sent)}, (_, index) =>
				js.publish(subject, Buffer.from(`message ${sent + index + 1}`)),
			),
		);
	}
}

/** `STREAM.INFO`'s state. */
export const streamState = (stream: string) =>
	withNats(async (_nc, jsm) => (await jsm.streams.info(stream)).state);

export const container = (name: string) => docker.getContainer(name).inspect();

/** The services that run, of all five. */
export async function running(): Promise<string[]> {
	const names = ['titan-nats', ...clients];
	const states = await Promise.all(names.map((name) => container(name).catch(() => undefined)));
	return names.filter((_, index) => states[index]?.State.Running && !states[index]?.State.Paused);
}

/** When each container was started: the same before and after where nothing was touched. */
export async function startTimes(): Promise<Record<string, string>> {
	const names = ['titan-nats', ...clients];
	const states = await Promise.all(names.map(container));
	return Object.fromEntries(names.map((name, index) => [name, states[index]!.State.StartedAt]));
}

/** How long the engine may take to say how a container is. */
const statusMs = 5000;

/** `silent` where the engine has locked itself up over a container that was paused in a health check: mend frees it. */
async function statusOf(name: string): Promise<string> {
	try {
		const {State} = await docker.getContainer(name).inspect({abortSignal: AbortSignal.timeout(statusMs)});
		return State.Status;
	} catch (error) {
		return (error as {statusCode?: number}).statusCode === 404 ? 'missing' : 'silent';
	}
}

/** Brings the deployment back to health, whatever the test before left behind. */
export async function restore(): Promise<void> {
	for (const name of ['titan-nats', ...clients]) {
		const state = await statusOf(name);
		if (state === 'silent') {
			break;
		}
		if (state === 'exited' || state === 'created') {
			await docker.getContainer(name).start();
		}
	}
	await mend();
}

export async function expectAllRunning(): Promise<void> {
	expect(await running()).toEqual(['titan-nats', ...clients]);
}

type Finished = Extract<JournalEvent, {event: 'finished'}>;

/** jetmedic as a child process. */
export type Program = {
	child: ChildProcess;
	/** The lines of stdout so far. */
	lines: string[];
	/** The lines that are events of a run. */
	events: JournalEvent[];
	stderr: () => string;
	/** Waits for an event that fits; fails when the program ends without one. */
	event(fits: (event: JournalEvent) => boolean, what: string): Promise<JournalEvent>;
	/** Waits for the start of a step. */
	step(id: string, status?: string): Promise<JournalEvent>;
	/** Waits for its end. */
	ended(): Promise<{code: number | null; signal: string | null; stdout: string; stderr: string; ms: number}>;
	/** The last event of a run. */
	result(): Finished | undefined;
};

const bin = fileURLToPath(new URL('../../bin/jetmedic.js', import.meta.url));
const longest = 60_000;

/**
Starts `jetmedic …` with its records in a folder of their own. It is killed when the test ends before it.

@param through - A program that starts it, with its arguments: as another user, on what looks like another host.
*/
export function jetmedic(
	args: string[],
	{
		state,
		env = {},
		preload = [],
		through = [],
	}: {state: string; env?: Record<string, string>; preload?: string[]; through?: string[]},
): Program {
	const started = performance.now();
	const flags = preload.flatMap((path) => ['--import', path]);
	const [file, ...rest] = [...through, process.execPath, ...flags, bin, ...args];
	const child = spawn(file!, rest, {
		cwd: state,
		env: {...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: state, ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const lines: string[] = [];
	const events: JournalEvent[] = [];
	let stderr = '';
	let ms = 0;
	let closed = false;
	child.stderr.on('data', (chunk) => {
		stderr += String(chunk);
	});
	createInterface({input: child.stdout}).on('line', (line) => {
		lines.push(line);
		try {
			const event = JSON.parse(line) as JournalEvent;
			if (typeof event.event === 'string') {
				events.push(event);
			}
		} catch {
			// Not asked for JSON.
		}
	});
	child.once('exit', () => {
		ms = performance.now() - started;
	});
	child.once('close', () => {
		closed = true;
	});
	const event: Program['event'] = async (fits, what) => {
		const found = await until(what, () => events.find(fits) ?? (closed ? 'ended' : undefined), longest, 1);
		if (found === 'ended') {
			throw new Error(`jetmedic ended without: ${what}\n${lines.join('\n')}\n${stderr}`);
		}
		return found as JournalEvent;
	};
	return {
		child,
		lines,
		events,
		stderr: () => stderr,
		event,
		step: (id, status = 'running') =>
			event(
				(one) => one.event === 'step' && one.step === id && one.status === status,
				`step ${id} ${status}`,
			),
		async ended() {
			await until('jetmedic ends', () => closed, longest);
			return {code: child.exitCode, signal: child.signalCode, stdout: lines.join('\n'), stderr, ms};
		},
		result: () => events.findLast((one) => one.event === 'finished') as Finished | undefined,
	};
}

/** Whether a process with this pid is there. */
export function isThere(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

const dieAfter = fileURLToPath(new URL('../kill/die-after.mjs', import.meta.url));

/** A run on the tests' own stream that is killed with -9 once a line that fits is in its journal. Answers how it ended. */
export function killedAfter(
	line: Record<string, string>,
	runbook: string,
	state: string,
): ReturnType<Program['ended']> {
	return jetmedic(['run', runbook, '--yes', '--json', ...ownFlags], {
		state,
		env: {DIE_AFTER: JSON.stringify(line)},
		preload: [dieAfter],
	}).ended();
}

/** Damages the record of the tests' own stream, and lets the server start with it: it does not know the stream then. */
export async function loseRecord(): Promise<void> {
	const record = `/data/jetstream/$G/streams/${own.stream}/meta.inf`;
	execFileSync('docker', ['exec', 'titan-nats', 'sh', '-c', `echo damaged > '${record}'`]);
	await docker.getContainer('titan-nats').restart();
	await until(
		'the server does not know the stream',
		() =>
			streamState(own.stream).then(
				() => false,
				(error: Error) => /stream not found/.test(error.message),
			),
		60_000,
	);
}
