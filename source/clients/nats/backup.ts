import {createHash} from 'node:crypto';
import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import type {NatsConnection} from 'nats';
import {formatBytes} from '../../text/bytes.ts';
import {sanitize} from '../../text/sanitize.ts';
import {S2Stream} from '../archive/s2-stream.ts';
import {freeBytes, reserveBytes} from '../disk.ts';
import {BackupError} from './backup-error.ts';
import {
	archiveFile,
	type BackupMeta,
	checkBackup,
	metaSchema,
	syncFolder,
	writeMeta,
	writeRecord,
} from './backup-files.ts';
import {keepFresh, partOf} from './backup-left.ts';
import {newInbox} from './inbox.ts';
import {requestExactly, streamInfo} from './jetstream.ts';
import {paced, type TransferProgress} from './progress.ts';

/** A backup that was read back from the disk and found whole. */
export type Backup = {
	folder: string;
	messages: number;
	firstSeq: number;
	lastSeq: number;
	consumers: number;
	/** Bytes of the archive. */
	storedBytes: number;
	sha256: string;
};

export type BackupOptions = {
	onProgress?: ((progress: TransferProgress) => void) | undefined;
	signal?: AbortSignal | undefined;
};

// A chunk takes milliseconds; a server that sends none for this long has given up.
const silenceMs = 20_000;
/** How often the disk is looked at while it fills. */
const lookEveryBytes = 4 << 20;
const chunkBytes = 128 * 1024;
/** The share of the time that writing takes; the rest is the check. */
const writingShare = 0.7;

/**
Writes a stream's snapshot with its consumers into a new folder, in the layout of `nats stream backup`
(`backup.json`, `stream.tar.s2`), so that `nats stream restore` reads it too, and reads it back from the disk. The
folder has its name only once all of it is there and checked; it is removed again when that fails.

@throws JetStreamError or NoAnswerError when the server refuses; BackupError where the disk has too little room, or
what was written is not whole; an Error when the snapshot ends early, or the disk fails.
*/
export async function backupStream(
	connection: NatsConnection,
	stream: string,
	folder: string,
	{onProgress, signal}: BackupOptions = {},
): Promise<Backup> {
	const {bytes} = (await streamInfo(connection, stream)).state;
	await refuseWithoutRoom(stream, bytes, dirname(folder));
	if (existsSync(folder)) {
		throw new BackupError(`There is something at ${folder} already; a backup overwrites nothing.`);
	}
	const part = partOf(folder);
	mkdirSync(part, {recursive: false, mode: 0o700});
	const fresh = keepFresh(part);
	try {
		const tell = paced(onProgress);
		const {meta, storedBytes, sha256} = await takeSnapshot(connection, stream, part, tell, signal);
		const metaSha256 = writeMeta(part, meta);
		const {archive} = await checkBackup(
			part,
			(fraction) =>
				tell(() => ({
					text: `${formatBytes(fraction * storedBytes)} of ${formatBytes(storedBytes)} checked`,
					fraction: writingShare + (1 - writingShare) * fraction,
				})),
			signal,
		);
		if (archive.sha256 !== sha256 || archive.bytes !== storedBytes) {
			throw new BackupError(
				`The disk of ${folder} did not keep what was written: ${archive.bytes} of ${storedBytes} bytes came back, or others.`,
			);
		}
		const {messages, first_seq: firstSeq, last_seq: lastSeq} = meta.state;
		const facts = {
			messages: archive.messages ?? messages,
			firstSeq,
			lastSeq,
			consumers: archive.consumers.length,
			sha256,
		};
		writeRecord(part, {
			...facts,
			bytes: storedBytes,
			metaSha256,
			server: sanitize(connection.info?.version ?? '', 40),
			at: new Date().toISOString(),
		});
		syncFolder(part);
		renameSync(part, folder);
		syncFolder(dirname(folder));
		return {folder, storedBytes, ...facts};
	} catch (error) {
		rmSync(part, {recursive: true, force: true});
		throw error;
	} finally {
		clearInterval(fresh);
	}
}

/** The archive is compressed, so the stream's own size is more than enough. */
async function refuseWithoutRoom(stream: string, bytes: number, folder: string): Promise<void> {
	const free = await freeBytes(folder);
	if (free < bytes + reserveBytes) {
		throw new BackupError(
			`A backup of ${sanitize(stream, 200)} may need ${formatBytes(bytes)}, and the disk of ${folder} has ${formatBytes(free)} free, of which ${formatBytes(reserveBytes)} must stay. Free space, or write it elsewhere (--state-dir).`,
		);
	}
}

type Snapshot = {meta: BackupMeta; storedBytes: number; sha256: string};

async function takeSnapshot(
	connection: NatsConnection,
	stream: string,
	folder: string,
	tell: ReturnType<typeof paced>,
	signal: AbortSignal | undefined,
): Promise<Snapshot> {
	const inbox = newInbox(connection);
	const chunks = connection.subscribe(inbox);
	const end = (): void => chunks.unsubscribe();
	const file = openSync(join(folder, archiveFile), 'wx', 0o600);
	signal?.addEventListener('abort', end, {once: true});
	let timer: NodeJS.Timeout | undefined;
	try {
		const meta = await requestExactly(
			connection,
			`STREAM.SNAPSHOT.${stream}`,
			{deliver_subject: inbox, no_consumers: false, jsck: false, chunk_size: chunkBytes},
			metaSchema,
			10_000,
		);
		const watchdog = (): void => {
			clearTimeout(timer);
			timer = setTimeout(end, silenceMs);
		};
		watchdog();
		const hash = createHash('sha256');
		// What it holds, not what it takes, says how far it is; and that it is what it should be, before the end.
		const decoded = new S2Stream();
		let storedBytes = 0;
		let nextLook = 0;
		for await (const message of chunks) {
			watchdog();
			if (message.data.length === 0) {
				// An empty message ends the snapshot; with an error in its headers it was broken off.
				if ((message.headers?.code ?? 0) >= 400) {
					const why = sanitize(message.headers?.description ?? '', 200);
					throw new BackupError(`The server broke the snapshot of ${sanitize(stream, 200)} off: ${why}.`);
				}
				fsyncSync(file);
				return {meta, storedBytes, sha256: hash.digest('hex')};
			}
			if (storedBytes >= nextLook) {
				await stopBeforeFull(folder, storedBytes);
				nextLook = storedBytes + lookEveryBytes;
			}
			// Not writeSync: on a full disk that writes a part of the chunk, without an error.
			writeFileSync(file, message.data);
			hash.update(message.data);
			decoded.push(message.data);
			storedBytes += message.data.length;
			tell(() => ({
				text: `${formatBytes(storedBytes)} written`,
				fraction: writingShare * Math.min(1, decoded.decodedBytes / Math.max(1, meta.state.bytes)),
			}));
			// The server sends no more than a window without answers: so no more than that is ever held here.
			message.respond();
		}
		signal?.throwIfAborted();
		throw new BackupError(
			`The snapshot of ${sanitize(stream, 200)} stopped after ${formatBytes(storedBytes)} and did not end within ${silenceMs / 1000} s.`,
		);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', end);
		closeSync(file);
		chunks.unsubscribe();
	}
}

async function stopBeforeFull(folder: string, storedBytes: number): Promise<void> {
	const free = await freeBytes(folder);
	if (free < reserveBytes) {
		throw new BackupError(
			`The disk of ${dirname(folder)} has only ${formatBytes(free)} left after ${formatBytes(storedBytes)} of the backup, so it was given up and removed. Free space, or write it elsewhere (--state-dir).`,
		);
	}
}
