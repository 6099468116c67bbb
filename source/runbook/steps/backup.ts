import {stepShape} from '../../config/runbook-schema.ts';
import {withJetStream} from '../../deployment/deployment.ts';
import {type Backup, ErrorCode, JetStreamError} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import {sanitize} from '../../text/sanitize.ts';
import {commandLine} from '../../text/shell-quote.ts';
import type {Step, StepKind} from '../step.ts';

/** Backs the stream up before messages are removed. */
export const backupStep: Step = {
	id: 'backup',
	declinable: true,
	title: ({config}) => `back up ${config.stream}`,
	describe: ({config, backupFolder}) =>
		`${config.stream} with its consumers into ${backupFolder}, and read it back`,
	command: ({config, backupFolder}) =>
		commandLine(['nats', 'stream', 'backup'], [config.stream, backupFolder]),
	async run(context, {config, backupFolder}) {
		if (!context.backup) {
			return {skipped: 'declined by the operator'};
		}
		if (context.memory.readopted) {
			return {skipped: 'nothing is removed'};
		}
		const left = await context.records.backups.removeLeft();
		if (left.length > 0) {
			context.progress(
				`removed what a killed backup left: ${left.map((name) => sanitize(name, 100)).join(', ')}`,
			);
		}
		return withJetStream(context.deployment, async (jetstream) => {
			try {
				const backup = await jetstream.backup(config.stream, backupFolder, {
					onProgress: ({text, fraction}) => context.progress(text, fraction),
					signal: context.signal,
				});
				context.memory.backup = {folder: backup.folder, lastSeq: backup.lastSeq};
				return backupText(backup);
			} catch (error) {
				if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
					return {skipped: `the server does not know ${config.stream}, so there is nothing to back up`};
				}
				context.signal.throwIfAborted();
				const why = (error as Error).message.replace(/\.$/, '');
				throw new StepError(
					`The backup failed, so nothing was purged: ${why}. Mend that, or run it without a backup.`,
				);
			}
		});
	},
};

/** What a backup holds and where it is, on one line. */
export function backupText({messages, consumers, storedBytes, folder}: Backup): string {
	return `${plural(messages, 'message')}, ${plural(consumers, 'consumer')}, ${formatBytes(storedBytes)}, checked  →  ${folder}`;
}

/** `backup` */
export const backupKind: StepKind<'backup'> = {
	key: 'backup',
	schema: stepShape.backup,
	needs: () => ({}),
	make: () => backupStep,
};
