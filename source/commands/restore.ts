import {resolve} from 'node:path';
import {createInterface} from 'node:readline/promises';
import {type CheckedBackup, checkBackup} from '../clients/nats/backup-files.ts';
import {withNats} from '../clients/nats/connection.ts';
import {paced} from '../clients/nats/progress.ts';
import {type Restored, restoreBackup} from '../clients/nats/restore.ts';
import type {Config} from '../config/schema.ts';
import {takeRunLock} from '../lock/run-lock.ts';
import {identify} from '../records/identity.ts';
import {exactSecrets} from '../records/secrets.ts';
import {noteTransfer} from '../records/transfer-history.ts';
import {refuseReadOnly} from '../runbook/read-only.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatCount, plural} from '../text/count.ts';
import {formatAge, formatStamp} from '../text/duration.ts';
import {sanitize} from '../text/sanitize.ts';
import {readContext} from './context.ts';
import {print} from './output.ts';
import {runSignal} from './signals.ts';
import {describeTransferError, transferOutput} from './transfer-output.ts';

const identifyMs = 5000;
/** The share of the time that the check takes. */
const checkShare = 0.3;

export type RestoreFlags = {
	as?: string | undefined;
	inert?: boolean | undefined;
	yes?: boolean | undefined;
	json?: boolean | undefined;
};

/**
`jetmedic restore <folder>`: checks a backup, asks, and makes the stream with its consumers anew. It holds the
deployment meanwhile, so that no run does something to the same server.

@returns The exit code: 0 when the stream holds all that the backup does, else 1.
*/
export async function restoreCommand(folder: string, config: Config, flags: RestoreFlags): Promise<number> {
	const output = transferOutput(flags);
	try {
		refuseReadOnly(config, 'nothing is restored');
	} catch (error) {
		return output.failed((error as Error).message);
	}
	const asks = !flags.yes;
	if (asks && !(process.stdin.isTTY && process.stdout.isTTY)) {
		return output.failed(
			'Nothing was done: without a terminal to confirm on, `jetmedic restore` needs --yes.',
		);
	}
	const signal = runSignal();
	let restored: Restored;
	let ended: ReturnType<typeof noteTransfer> = () => {};
	try {
		const tell = paced(output.progress);
		const backup = await checkBackup(
			folder,
			(fraction) => tell(() => ({text: 'checking the backup', fraction: checkShare * fraction})),
			signal,
		);
		const stream = flags.as ?? backup.meta.config.name;
		if (asks) {
			print(`${planText(folder, backup, stream, config, flags.inert)}\n`);
			if (!(await confirmed(stream, signal))) {
				return output.failed('Not confirmed; everything was left as it is.');
			}
		}
		const context = readContext(config, process.env, signal);
		await identify(context, identifyMs);
		const lock = await takeRunLock(context, {
			run: `restore-${formatStamp(Date.now())}`,
			runbook: 'restore',
			resumes: undefined,
		});
		if (lock.note !== undefined) {
			output.note(lock.note);
		}
		try {
			const secrets = await exactSecrets(config, process.env);
			const {place} = context;
			ended = noteTransfer(place, {what: 'restore', stream, folder: resolve(folder)}, process.env, secrets);
			restored = await withNats(config.nats, process.env, (connection) =>
				restoreBackup(connection, folder, backup, {
					as: flags.as,
					inert: flags.inert,
					onProgress: ({text, fraction}) =>
						output.progress({text, fraction: checkShare + (1 - checkShare) * fraction}),
					signal: AbortSignal.any([signal, lock.lost]),
				}),
			);
		} finally {
			await lock.release();
		}
	} catch (error) {
		const why = `Not restored: ${await describeTransferError(error, config, signal)}`;
		ended('failed', why);
		return output.failed(why);
	}
	const held = `${sanitize(restored.stream, 200)} is restored: ${plural(restored.messages, 'message')}, sequences ${formatCount(restored.firstSeq)} to ${formatCount(restored.lastSeq)}`;
	if (restored.missing > 0) {
		const why = `${held}, but ${plural(restored.missing, 'message')} of the backup ${restored.missing === 1 ? 'is' : 'are'} not in it: the limits of the stream (age, size, number) let them go. A copy that keeps them all: --as NAME --inert.`;
		ended('incomplete', why);
		return output.finished('incomplete', restored, why, 1);
	}
	const text = `${held}, ${plural(restored.consumers, 'consumer')}.`;
	ended('done', text);
	return output.finished('restored', restored, text);
}

function planText(
	folder: string,
	{meta, archive, record}: CheckedBackup,
	stream: string,
	config: Config,
	inert: boolean | undefined,
): string {
	const subjects = sanitize((meta.config.subjects ?? []).join(', ') || 'none', 300);
	const maxAgeMs = Number(meta.config['max_age'] ?? 0) / 1e6;
	const proof = record === undefined ? 'its own checksums hold' : `as it was written at ${record.at}`;
	return [
		`Restore ${sanitize(stream, 200)} into ${config.deployment}${config.production ? ' (PRODUCTION)' : ''}`,
		`  from       ${sanitize(folder, 300)}, ${formatBytes(archive.bytes)}, ${sanitize(proof, 100)}`,
		`  messages   ${formatCount(archive.messages ?? meta.state.messages)}, sequences ${formatCount(meta.state.first_seq)} to ${formatCount(meta.state.last_seq)}`,
		...(inert
			? ['  inert      without subjects, consumers and age limit: a copy to look at']
			: [
					`  subjects   ${subjects}`,
					`  consumers  ${sanitize(archive.consumers.map(({name}) => name).join(', ') || 'none', 300)}; they go on where they stood then, so what was processed since comes again`,
					...(maxAgeMs > 0
						? [`  max_age    ${formatAge(maxAgeMs)}: messages that are older go at once (--inert keeps them)`]
						: []),
				]),
	].join('\n');
}

async function confirmed(wanted: string, signal: AbortSignal): Promise<boolean> {
	const reader = createInterface({input: process.stdin, output: process.stdout});
	try {
		return (
			(await reader.question(`Type ${sanitize(wanted, 200)} and press enter to restore: `, {signal})) ===
			wanted
		);
	} catch {
		return false;
	} finally {
		reader.close();
	}
}
