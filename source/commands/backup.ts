import {join} from 'node:path';
import {type Backup, backupStream} from '../clients/nats/backup.ts';
import {removeLeft} from '../clients/nats/backup-left.ts';
import {withNats} from '../clients/nats/connection.ts';
import {ErrorCode, JetStreamError, listStreams} from '../clients/nats/jetstream.ts';
import {didYouMean} from '../config/nearest.ts';
import type {Config} from '../config/schema.ts';
import {fileTrouble} from '../records/file-trouble.ts';
import {identify} from '../records/identity.ts';
import {makePlace} from '../records/place.ts';
import {exactSecrets} from '../records/secrets.ts';
import {noteTransfer} from '../records/transfer-history.ts';
import {backupText} from '../runbook/steps/backup.ts';
import {formatStamp} from '../text/duration.ts';
import {sanitize} from '../text/sanitize.ts';
import {readContext} from './context.ts';
import {runSignal} from './signals.ts';
import {describeTransferError, transferOutput} from './transfer-output.ts';

/** A backup needs no engine, but its folder is the engine's. */
const identifyMs = 2000;

/**
`jetmedic backup [stream]`: the stream with its consumers into a new folder of the backups, read back and checked. It
only reads from NATS, so it may also be done read-only.

@returns The exit code: 0 when the backup is there and whole, else 1.
*/
export async function backupCommand(
	stream: string | undefined,
	config: Config,
	flags: {json?: boolean | undefined},
): Promise<number> {
	const output = transferOutput(flags);
	const signal = runSignal();
	const name = stream ?? config.stream;
	if (!/^[^\s.*>/\\]+$/.test(name)) {
		return output.failed(`${JSON.stringify(sanitize(name, 100))} is not the name of a stream.`);
	}
	const context = readContext(config, process.env, signal);
	await identify(context, identifyMs);
	const {place} = context;
	const folder = join(place.backups, `${name}-${formatStamp(Date.now())}`);
	const secrets = await exactSecrets(config, process.env);
	const ended = noteTransfer(place, {what: 'backup', stream: name, folder}, process.env, secrets);
	const failed = (why: string): number => {
		ended('failed', why);
		return output.failed(why);
	};
	let backup: Backup;
	try {
		makePlace(place);
	} catch (error) {
		return failed(`There is no backup. ${fileTrouble(place.backups, error)}.`);
	}
	try {
		await removeLeft(
			place.backups,
			(left) => left.startsWith(name) && /^-\d{8}T\d{6}Z$/.test(left.slice(name.length)),
		);
		backup = await withNats(config.nats, process.env, (connection) =>
			backupStream(connection, name, folder, {onProgress: output.progress, signal}),
		);
	} catch (error) {
		if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
			const meant = didYouMean(name, await streamNames(config));
			return failed(`There is no backup: the server does not know ${sanitize(name, 200)}.${meant}`);
		}
		return failed(`There is no backup: ${await describeTransferError(error, config, signal)}`);
	}
	const text = `${sanitize(name, 200)}: ${backupText(backup)}`;
	ended('done', backupText(backup));
	const fleeting = context.records.fleeting();
	if (fleeting !== undefined) {
		output.note(fleeting);
	}
	return output.finished('written', {stream: name, ...backup}, text);
}

/** The streams that there are, for a name that may be mistyped. Never throws. */
const streamNames = ({nats}: Config): Promise<string[]> =>
	withNats(nats, process.env, (connection) => listStreams(connection)).then(
		(streams) => streams.map(({config}) => config.name),
		() => [],
	);
