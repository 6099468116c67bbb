// A server whose store is on a disk of 12 MiB, beside the deployment of the lab: in a Compose project of its own, so
// that nothing else is touched.
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {AckPolicy, connect, type NatsConnection} from 'nats';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {Plan} from '../../source/runbook/planned.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';
import {docker, jetmedic} from './scene.ts';

const run = promisify(execFile);
const project = 'jetmedic-full-store';
const client = '127.0.0.1:14222';
const monitor = 'http://127.0.0.1:18222';
const stream = 'FULL';

const composition = `
name: ${project}
x-nats: &nats
  image: \${TITAN_NATS_IMAGE:-nats:2-alpine}
  init: true
  volumes: ["data:/data"]
services:
  nats:
    <<: *nats
    command: [nats-server, --jetstream, --store_dir, /data, --port, "4222", --http_port, "8222"]
    ports: ["127.0.0.1:14222:4222", "127.0.0.1:18222:8222"]
  # A tmpfs goes with its last container: this one keeps it over restarts of the server.
  holder: {<<: *nats, command: [sleep, "100000"]}
volumes:
  data:
    driver_opts: {type: tmpfs, device: tmpfs, o: "size=12m"}
`;
const config = `
deployment: full
docker: {project: ${project}}
nats: {service: nats, url: 'nats://${client}', monitor: '${monitor}'}
stream: ${stream}
consumer: reader
keep: 100
`;

// The lab's own address in the environment would go before that of the file.
const env = {NATS_URL: `nats://${client}`};

let folder = '';
const compose = (...args: string[]) =>
	run('docker', ['compose', '-f', join(folder, 'compose.yaml'), '-p', project, ...args], {timeout: 60_000});
const server = () => docker.getContainer(`${project}-nats-1`);

async function inHolder(command: string): Promise<void> {
	await run('docker', ['exec', `${project}-holder-1`, 'sh', '-c', command], {timeout: 20_000});
}

async function withServer<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> {
	const connection = await connect({servers: client, timeout: 2000, reconnect: false});
	try {
		return await work(connection);
	} finally {
		await connection.close();
	}
}

const healthz = async (): Promise<string> =>
	fetch(`${monitor}/healthz`, {signal: AbortSignal.timeout(1000)}).then(
		(answer) => answer.text(),
		(error) => String(error),
	);

async function restartServer(): Promise<void> {
	await server().restart({t: 1});
	await until('it is ready', async () => (await healthz()).includes('"ok"'), 20_000);
}

/** Publishes until it is refused; answers how often it worked. */
const publish = (messages: number, bytes: number): Promise<number> =>
	withServer(async (connection) => {
		const js = connection.jetstream({timeout: 1500});
		for (let sent = 0; sent < messages; sent++) {
			try {
				await js.publish('full.a', Buffer.alloc(bytes));
			} catch {
				return sent;
			}
		}
		return messages;
	});

/** What the plan of a runbook says, by a dry run. */
async function planOf(runbook: string): Promise<Plan> {
	const program = jetmedic(['run', runbook, '--dry-run', '--json', '--config', 'config.yaml'], {
		state: await tempFolder({'config.yaml': config}),
		env,
	});
	const {stdout} = await program.ended();
	return JSON.parse(stdout) as Plan;
}

const refusals = async (runbook: string): Promise<string> => (await planOf(runbook)).blockers.join('\n');

/** A run that must do nothing: the server's container and the stream's state are what they were. */
async function refused(runbook: string, why: RegExp): Promise<void> {
	const before = (await server().inspect()).State.StartedAt;
	const program = jetmedic(['run', runbook, '--yes', '--json', '--no-backup', '--config', 'config.yaml'], {
		state: await tempFolder({'config.yaml': config}),
		env,
	});
	expect((await program.ended()).code).toBe(1);
	expect(program.result()).toMatchObject({result: 'failed', error: expect.stringMatching(why)});
	expect((await server().inspect()).State.StartedAt).toBe(before);
}

describe('a server on a full disk', {timeout: 120_000}, () => {
	it('is mended only in the order that does not hang it: free space, restart, purge', async () => {
		folder = await tempFolder({'compose.yaml': composition});
		onTestFinished(async () => {
			// A server that hangs does not stop by itself.
			await compose('kill').catch(() => {});
			await compose('down', '-v', '-t', '1');
		}, 60_000);
		await compose('down', '-v', '-t', '1');
		await compose('up', '-d');
		await until('it is ready', async () => (await healthz()).includes('"ok"'), 20_000);
		await withServer(async (connection) => {
			const jsm = await connection.jetstreamManager();
			await jsm.streams.add({name: stream, subjects: ['full.>']});
			await jsm.consumers.add(stream, {durable_name: 'reader', ack_policy: AckPolicy.Explicit});
		});
		expect(await publish(300, 10_000)).toBe(300);
		for (const runbook of ['restart', 'purge', 'recover']) {
			expect(await refusals(runbook)).toBe('');
		}

		// The disk fills, and the server meets that.
		await inHolder('dd if=/dev/zero of=/data/filler bs=4096 2>/dev/null; true');
		expect(await publish(20, 100_000)).toBeLessThan(20);
		await until('it says so', async () => (await healthz()).includes('no space left'), 10_000);
		const spaceFirst = /The disk of the store is full: .* free at .*Free space there first/;
		const order = /The disk of the store is full: .*Free space there, then run restart \(R\), then this/;
		expect(await refusals('restart')).toMatch(spaceFirst);
		await refused('restart', spaceFirst);
		await refused('purge', order);
		await refused('recover', order);

		// Somebody restarts it by hand, too early: it says that it is well, and a purge would hang it.
		await restartServer();
		expect(await healthz()).toContain('"ok"');
		await refused('purge', order);
		await refused('recover', order);
		await refused('restart', spaceFirst);

		// It meets the full disk again, and then there is space: it stays broken until it is restarted.
		await inHolder('rm /data/filler');
		await restartServer();
		await inHolder('dd if=/dev/zero of=/data/filler bs=4096 2>/dev/null; true');
		expect(await publish(20, 100_000)).toBeLessThan(20);
		await until('it says so', async () => (await healthz()).includes('no space left'), 10_000);
		await inHolder('rm /data/filler');
		const broken =
			/stays broken until it is restarted, although there is space again.*Run restart \(R\) first/;
		await refused('purge', broken);
		await refused('recover', broken);
		const {blockers, checks} = await planOf('restart');
		expect(blockers).toEqual([]);
		expect(checks).toContainEqual(
			expect.objectContaining({evidence: expect.stringContaining('which the restart mends')}),
		);

		// In the right order it works.
		await restartServer();
		const purge = jetmedic(['run', 'purge', '--yes', '--json', '--no-backup', '--config', 'config.yaml'], {
			state: await tempFolder({'config.yaml': config}),
			env,
		});
		await purge.step('purge', 'done');
		await purge.ended();
		expect(await publish(20, 10_000)).toBe(20);
		const state = await withServer(
			async (connection) => (await (await connection.jetstreamManager()).streams.info(stream)).state,
		);
		expect(state.messages).toBeLessThanOrEqual(120);
	});
});
