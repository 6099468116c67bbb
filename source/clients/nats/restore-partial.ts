import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {commandLine} from '../../text/shell-quote.ts';
import type {BackupMeta} from './backup-files.ts';
import {ErrorCode, JetStreamError, request, streamInfo} from './jetstream.ts';
import type {StreamInfo} from './schema.ts';

const looks = 4;
const lookEveryMs = 250;

/**
Ends a restore that failed, and removes the part of the stream that the server may have made of it. It was not there
before the restore; but a service may have made one of the same name since. So only one is removed that holds nothing
but what the backup holds.

@returns What is left, as a sentence; undefined where nothing is. Never throws.
*/
export async function removePartial(
	connection: NatsConnection,
	target: string,
	meta: BackupMeta,
): Promise<string | undefined> {
	const {name} = meta.config;
	const shown = sanitize(name, 200);
	try {
		// A chunk that can't be answered ends a restore at once; else the server waits 5 s for the next one.
		connection.publish(target);
		await connection.flush();
		for (let look = 0; look < looks; look++) {
			await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
			const info = await existing(connection, name);
			if (info === undefined) {
				continue;
			}
			if (!isPart(info, meta)) {
				return `There is a stream ${shown} now, with messages that are not of the backup; it was left as it is.`;
			}
			await request(connection, `STREAM.DELETE.${name}`, undefined, z.looseObject({}), 30_000);
			return `The part of ${shown} that the server had restored was removed again.`;
		}
		return undefined;
	} catch (error) {
		return `Could not read whether a part of ${shown} is left: ${(error as Error).message}. Check it before you use it: ${commandLine(['nats', 'stream', 'info'], [shown])}.`;
	}
}

async function existing(connection: NatsConnection, stream: string): Promise<StreamInfo | undefined> {
	try {
		return await streamInfo(connection, stream);
	} catch (error) {
		if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
			return undefined;
		}
		throw error;
	}
}

/** Whether a stream holds no message and no consumer more than a backup: its newest message is not newer. */
export function isPart({state}: Pick<StreamInfo, 'state'>, {state: saved}: BackupMeta): boolean {
	if (state.last_seq > saved.last_seq || state.consumer_count > saved.consumer_count) {
		return false;
	}
	return state.messages === 0 || Date.parse(state.last_ts) <= Date.parse(saved.last_ts ?? '');
}
