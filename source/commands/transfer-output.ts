import {BackupError} from '../clients/nats/backup-error.ts';
import {describeNatsError} from '../clients/nats/connection.ts';
import {JetStreamError, NoAnswerError} from '../clients/nats/jetstream.ts';
import {natsOptions} from '../clients/nats/options.ts';
import type {TransferProgress} from '../clients/nats/progress.ts';
import type {Config} from '../config/schema.ts';
import {redact} from '../text/redact.ts';
import {print} from './output.ts';

/** What `jetmedic backup` and `jetmedic restore` say: sentences, or one JSON object a line. */
export type TransferOutput = {
	progress(progress: TransferProgress): void;
	/** What the operator should know besides, in a sentence. */
	note(text: string): void;
	/** Not as it should be with an exit code other than 0. @returns The exit code. */
	finished(result: string, facts: object, text: string, exitCode?: number): number;
	/** @returns The exit code. */
	failed(error: string): number;
};

/** Results go to stdout, all else to stderr; without a terminal there, no progress in words. */
export function transferOutput({json}: {json?: boolean | undefined}): TransferOutput {
	const say = (event: object): void => print(`${JSON.stringify(event)}\n`);
	const onTerminal = process.stderr.isTTY && !json;
	const clear = (): void => void (onTerminal && process.stderr.write('\r\x1b[K'));
	return {
		progress({text, fraction}) {
			if (json) {
				say({event: 'progress', text, fraction: Number(fraction.toFixed(3)), at: Date.now()});
			} else if (onTerminal) {
				process.stderr.write(`\r\x1b[K${String(Math.floor(fraction * 100)).padStart(3)} %  ${text}`);
			}
		},
		note(text) {
			clear();
			process.stderr.write(`${text}\n`);
		},
		finished(result, facts, text, exitCode = 0) {
			clear();
			if (json) {
				say({event: 'finished', result, ...facts, at: Date.now()});
			}
			if (exitCode !== 0) {
				process.stderr.write(`${text}\n`);
			} else if (!json) {
				print(`${text}\n`);
			}
			return exitCode;
		},
		failed(error) {
			clear();
			if (json) {
				say({event: 'finished', result: 'failed', error, at: Date.now()});
			}
			process.stderr.write(`${error}\n`);
			return 1;
		},
	};
}

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS']);

/** Why a backup or a restore failed, as a sentence. */
export async function describeTransferError(
	error: unknown,
	config: Config,
	signal: AbortSignal,
): Promise<string> {
	const {message, code} = error as NodeJS.ErrnoException;
	if (error === signal.reason && signal.aborted) {
		return `it was ended by ${message}.`;
	}
	const told =
		error instanceof BackupError || error instanceof JetStreamError || error instanceof NoAnswerError;
	// A fault of the disk, and not of the network: that has `connect` there.
	const ofDisk = (error as NodeJS.ErrnoException).path !== undefined || diskCodes.has(String(code));
	if (told || ofDisk) {
		return redact(/[.!?]$/.test(message) ? message : `${message}.`);
	}
	const {shownUrl} = await natsOptions(config.nats, process.env).catch(() => ({shownUrl: 'its address'}));
	return describeNatsError(error, shownUrl);
}
