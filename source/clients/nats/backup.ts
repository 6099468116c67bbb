import {closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInbox, type NatsConnection} from 'nats';
import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {request} from './jetstream.ts';

const snapshotSchema = z.object({
	config: z.looseObject({}),
	state: z.looseObject({messages: z.number(), bytes: z.number(), last_seq: z.number()}),
});

export type Backup = {folder: string; messages: number; lastSeq: number; storedBytes: number};

// A chunk takes milliseconds; a server that sends none for this long has given up.
const silenceMs = 20_000;

/**
Writes a stream's snapshot with its consumers into a new folder, in the layout of `nats stream backup`
(`backup.json`, `stream.tar.s2`), so that `nats stream restore` reads it too. The folder is removed again when
the snapshot does not arrive whole.

@param onProgress - Bytes that have arrived; the archive is compressed, so they are fewer than the stream's.
@throws JetStreamError or NoAnswerError when the server refuses; an Error when the snapshot ends early, or the
disk is full.
*/
export async function backupStream(
	connection: NatsConnection,
	stream: string,
	folder: string,
	onProgress: (bytes: number) => void = () => {},
	signal?: AbortSignal,
): Promise<Backup> {
	mkdirSync(folder, {recursive: false, mode: 0o700});
	try {
		const inbox = createInbox();
		const chunks = connection.subscribe(inbox);
		const file = openSync(join(folder, 'stream.tar.s2'), 'wx', 0o600);
		let storedBytes = 0;
		try {
			const snapshot = await request(
				connection,
				`STREAM.SNAPSHOT.${stream}`,
				{deliver_subject: inbox, no_consumers: false, jsck: false, chunk_size: 128 * 1024},
				snapshotSchema,
				10_000,
			);
			let timer: NodeJS.Timeout | undefined;
			const watchdog = (): void => {
				clearTimeout(timer);
				timer = setTimeout(() => chunks.unsubscribe(), silenceMs);
			};
			watchdog();
			let whole = false;
			for await (const message of chunks) {
				signal?.throwIfAborted();
				watchdog();
				if (message.data.length === 0) {
					// An empty message ends the snapshot; with an error in its headers it was broken off.
					if ((message.headers?.code ?? 0) >= 400) {
						throw new Error(
							`the server broke the snapshot off: ${sanitize(message.headers?.description ?? '', 200)}`,
						);
					}
					whole = true;
					break;
				}
				// Not writeSync: on a full disk that writes a part of the chunk, without an error.
				writeFileSync(file, message.data);
				storedBytes += message.data.length;
				onProgress(storedBytes);
				// The server sends no more than a window without answers.
				message.respond();
			}
			clearTimeout(timer);
			if (!whole) {
				throw new Error(
					`the snapshot stopped after ${storedBytes} bytes and did not end within ${silenceMs / 1000} s`,
				);
			}
			fsyncSync(file);
			const {config, state} = snapshot;
			writeFileSync(join(folder, 'backup.json'), `${JSON.stringify({config, state})}\n`, {
				mode: 0o600,
				flush: true,
			});
			return {folder, messages: state.messages, lastSeq: state.last_seq, storedBytes};
		} finally {
			closeSync(file);
			chunks.unsubscribe();
		}
	} catch (error) {
		rmSync(folder, {recursive: true, force: true});
		throw error;
	}
}
