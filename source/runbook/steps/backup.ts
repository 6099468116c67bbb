import {backupStream} from '../../clients/nats/backup.ts';
import {ErrorCode, JetStreamError, streamInfo} from '../../clients/nats/jetstream.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import {StepError, withNats} from '../context.ts';
import type {Step} from '../step.ts';

/** Backs the stream up before messages are removed. */
export const backupStep: Step = {
	id: 'backup',
	declinable: true,
	title: ({config}) => `back up ${config.stream}`,
	describe: ({config, backupFolder}) => `${config.stream} with its consumers into ${backupFolder}`,
	command: ({config, backupFolder}) => `nats stream backup ${config.stream} ${backupFolder}`,
	async run(context, {config, backupFolder}) {
		if (!context.backup) {
			return {skipped: 'declined by the operator'};
		}
		if (context.memory.readopted) {
			return {skipped: 'nothing is removed'};
		}
		return withNats(context, async (connection) => {
			let bytes: number;
			try {
				bytes = (await streamInfo(connection, config.stream)).state.bytes;
			} catch (error) {
				if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
					return {skipped: `the server does not know ${config.stream}, so there is nothing to back up`};
				}
				throw error;
			}
			let told = 0;
			try {
				const backup = await backupStream(
					connection,
					config.stream,
					backupFolder,
					(stored) => {
						if (performance.now() - told > 250) {
							told = performance.now();
							context.progress(`${formatBytes(stored)} written`, Math.min(0.99, stored / Math.max(1, bytes)));
						}
					},
					context.signal,
				);
				context.memory.backup = {folder: backup.folder, lastSeq: backup.lastSeq};
				return `${plural(backup.messages, 'message')}, ${formatBytes(backup.storedBytes)}  →  ${backup.folder}`;
			} catch (error) {
				context.signal.throwIfAborted();
				throw new StepError(
					`The backup failed, so nothing was purged: ${(error as Error).message}. Mend that, or run it without a backup.`,
				);
			}
		});
	},
};
