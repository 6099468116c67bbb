import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {AckPolicy, connect, type JetStreamManager, type NatsConnection} from 'nats';
import {backupStream} from '../source/clients/nats/backup.ts';
import {checkBackup} from '../source/clients/nats/backup-files.ts';
import {restoreBackup} from '../source/clients/nats/restore.ts';
import {type Figure, median} from './figure.ts';

const STREAM = 'BENCH_BACKUP';
const MESSAGE_BYTES = 1000;
const MESSAGES = 100_000;
const AT_ONCE = 1000;
const TIMES = 3;
const MEGABYTES = (MESSAGES * MESSAGE_BYTES) / 1e6;

/** How fast a stream of 100 MB is backed up and restored, each with its check. */
export async function backup(): Promise<Figure[]> {
	const folder = mkdtempSync(join(tmpdir(), 'jetmedic-bench-'));
	const connection = await connect({servers: '127.0.0.1:4222', timeout: 10_000, reconnect: false});
	const manager = await connection.jetstreamManager({checkAPI: false, timeout: 30_000});
	try {
		await fill(connection, manager);
		const taken: number[] = [];
		const restored: number[] = [];
		for (let time = 0; time < TIMES; time++) {
			const target = join(folder, String(time));
			taken.push(await timed(() => backupStream(connection, STREAM, target)));
			await manager.streams.delete(STREAM);
			restored.push(
				await timed(async () => {
					const {messages} = await restoreBackup(connection, target, await checkBackup(target));
					if (messages !== MESSAGES) throw new Error(`${messages} messages of ${MESSAGES} were restored`);
				}),
			);
			rmSync(target, {recursive: true, force: true});
		}
		const figure = (name: string, times: number[]): Figure => ({
			name,
			value: MEGABYTES / (median(times) / 1000),
			unit: 'MB/s',
			note: `median of ${TIMES}, a stream of ${MEGABYTES} MB that can't be compressed, in messages of ${MESSAGE_BYTES} B`,
		});
		return [figure('backup, read back', taken), figure('restore, checked before', restored)];
	} finally {
		await manager.streams.delete(STREAM).catch(() => {});
		await connection.close();
		rmSync(folder, {recursive: true, force: true});
	}
}

async function fill(connection: NatsConnection, manager: JetStreamManager): Promise<void> {
	await manager.streams.delete(STREAM).catch(() => {});
	await manager.streams.add({name: STREAM, subjects: ['bench.backup']});
	await manager.consumers.add(STREAM, {durable_name: 'worker', ack_policy: AckPolicy.Explicit});
	const js = connection.jetstream({timeout: 30_000});
	for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
		await Promise.all(
			Array.from({length: AT_ONCE}, () => js.publish('bench.backup', randomBytes(MESSAGE_BYTES))),
		);
	}
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}
