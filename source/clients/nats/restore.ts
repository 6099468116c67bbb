import {open} from 'node:fs/promises';
import {join} from 'node:path';
import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {formatBytes} from '../../text/bytes.ts';
import {sanitize} from '../../text/sanitize.ts';
import {commandLine} from '../../text/shell-quote.ts';
import type {InertParts} from '../archive/content.ts';
import {inertHead} from '../archive/inert.ts';
import {BackupError} from './backup-error.ts';
import {archiveFile, type BackupMeta, type CheckedBackup} from './backup-files.ts';
import {asNoAnswer, request, throwRefusal} from './jetstream.ts';
import {paced, type TransferProgress} from './progress.ts';
import {removePartial} from './restore-partial.ts';
import {targetOf} from './restore-target.ts';

/** What the server says that it holds once it has restored. */
export type Restored = {
	stream: string;
	messages: number;
	firstSeq: number;
	lastSeq: number;
	consumers: number;
	/** Messages that the backup holds and the stream does not: its limits, such as max_age, may have removed them. */
	missing: number;
};

export type RestoreOptions = {
	/** Another name for the stream. */
	as?: string | undefined;
	/** Without subjects, consumers and age limit: a copy to look at, which takes nothing new and loses nothing. */
	inert?: boolean | undefined;
	onProgress?: ((progress: TransferProgress) => void) | undefined;
	signal?: AbortSignal | undefined;
};

// A chunk is taken into the store before it is answered; a server with a slow disk takes its time.
const chunkTimeoutMs = 60_000;
// At the end the server recovers the stream: the NATS CLI gives it an hour.
const endTimeoutMs = 30 * 60_000;
const chunkBytes = 128 * 1024;

const beginSchema = z.object({deliver_subject: z.string().min(1)});
const endSchema = z.object({
	state: z.object({messages: z.number(), first_seq: z.number(), last_seq: z.number()}),
});

/**
Restores a stream with its consumers from a backup that `checkBackup` has found whole. Never over an existing stream.

@throws BackupError, with the reason, before anything was sent: the stream is there already, its subjects are
another's, the server can't read this backup. JetStreamError or NoAnswerError where the server refuses or does not
answer; what was restored of it until then is removed again, where it can be told that it is ours.
*/
export async function restoreBackup(
	connection: NatsConnection,
	folder: string,
	backup: CheckedBackup,
	{as, inert = false, onProgress, signal}: RestoreOptions = {},
): Promise<Restored> {
	const meta = await targetOf(connection, backup, {as, inert});
	const stream = meta.config.name;
	signal?.throwIfAborted();
	const {deliver_subject: target} = await request(
		connection,
		`STREAM.RESTORE.${stream}`,
		meta,
		beginSchema,
		30_000,
	);
	const {archive} = backup;
	const path = join(folder, archiveFile);
	const transfer = new Transfer(connection, target, signal);
	try {
		await sendArchive(transfer, path, archive.bytes, inert ? archive.inert : undefined, onProgress);
		onProgress?.({text: 'the server recovers the stream', fraction: 0.99});
	} catch (error) {
		throw withNote(error, await removePartial(connection, target, meta));
	}
	const answer = await finish(transfer, stream);
	try {
		throwRefusal(`STREAM.RESTORE.${stream}`, answer);
	} catch (error) {
		throw withNote(error, await removePartial(connection, target, meta));
	}
	const {state} = endSchema.parse(answer);
	return {
		stream,
		messages: state.messages,
		firstSeq: state.first_seq,
		lastSeq: state.last_seq,
		consumers: inert ? 0 : archive.consumers.length,
		missing: Math.max(0, expectedMessages(backup, meta) - state.messages),
	};
}

const expectedMessages = ({archive}: CheckedBackup, {state}: BackupMeta): number =>
	archive.messages ?? state.messages;

async function sendArchive(
	transfer: Transfer,
	path: string,
	bytes: number,
	inert: InertParts | undefined,
	onProgress: RestoreOptions['onProgress'],
): Promise<void> {
	const tell = paced(onProgress);
	const buffer = Buffer.allocUnsafe(transfer.chunkBytes);
	const file = await open(path, 'r');
	try {
		if (inert) {
			const head = inertHead(inert);
			for (let at = 0; at < head.length; at += buffer.length) {
				await transfer.send(head.subarray(at, at + buffer.length), chunkTimeoutMs);
			}
		}
		for (let sent = inert?.restAt ?? 0; ; ) {
			const {bytesRead} = await file.read(buffer, 0, buffer.length, sent);
			if (bytesRead === 0) {
				if (sent !== bytes) {
					throw new BackupError(`${sanitize(path, 300)} changed while it was restored.`);
				}
				return;
			}
			throwRefusal('STREAM.RESTORE', await transfer.send(buffer.subarray(0, bytesRead), chunkTimeoutMs));
			sent += bytesRead;
			tell(() => ({
				text: `${formatBytes(sent)} of ${formatBytes(bytes)} sent`,
				fraction: (0.95 * sent) / Math.max(1, bytes),
			}));
		}
	} finally {
		await file.close();
	}
}

/** Says that all was sent. From here on the server can't be stopped, so without an answer the outcome is unknown. */
async function finish(transfer: Transfer, stream: string): Promise<unknown> {
	try {
		return await transfer.send(new Uint8Array(), endTimeoutMs);
	} catch (error) {
		throw new BackupError(
			`All of ${sanitize(stream, 200)} was sent, but the server did not confirm the restore (${(error as Error).message}). It may still be restoring. Check: ${commandLine(['nats', 'stream', 'info'], [sanitize(stream, 200)])}.`,
		);
	}
}

/** Chunks to one restore of the server, each answered before the next. */
class Transfer {
	readonly chunkBytes: number;
	readonly #connection: NatsConnection;
	readonly #target: string;
	readonly #signal: AbortSignal | undefined;
	readonly #aborted: Promise<never>;

	constructor(connection: NatsConnection, target: string, signal: AbortSignal | undefined) {
		this.chunkBytes = Math.min(chunkBytes, connection.info?.max_payload ?? chunkBytes);
		this.#connection = connection;
		this.#target = target;
		this.#signal = signal;
		this.#aborted = new Promise((_, reject) => {
			signal?.addEventListener('abort', () => reject(signal.reason), {once: true});
		});
		this.#aborted.catch(() => {});
	}

	/** @returns What the server said; undefined for nothing. */
	async send(chunk: Uint8Array, timeout: number): Promise<unknown> {
		this.#signal?.throwIfAborted();
		const sent = this.#connection.request(this.#target, chunk, {timeout}).catch((error: unknown) => {
			throw asNoAnswer('STREAM.RESTORE', error);
		});
		sent.catch(() => {});
		const text = (await Promise.race([sent, this.#aborted])).string();
		if (text.startsWith('-ERR')) {
			throw new Error(`The server gave the restore up: ${sanitize(text, 200)}`);
		}
		return text === '' ? undefined : JSON.parse(text);
	}
}

function withNote(error: unknown, note: string | undefined): unknown {
	if (error instanceof Error && note !== undefined) {
		error.message = `${error.message.replace(/\.$/, '')}. ${note}`;
	}
	return error;
}
