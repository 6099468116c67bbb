import {createHash} from 'node:crypto';
import {closeSync, fsyncSync, openSync, writeFileSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {parseExactly} from '../../text/exact-json.ts';
import {sanitize} from '../../text/sanitize.ts';
import {type CheckedArchive, checkArchive} from '../archive/check.ts';
import {DamageError} from '../archive/damage.ts';
import {BackupError} from './backup-error.ts';

/** The files of `nats stream backup` (github.com/nats-io/jsm.go, snapshots.go), which opens these two by name. */
export const archiveFile = 'stream.tar.s2';
export const metaFile = 'backup.json';
/** Our own beside them. */
export const recordFile = 'jetmedic.json';

const count = z.int().min(0);

/** `backup.json`, which is also the body of the request for a restore. All of `config` and `state` is kept. */
export const metaSchema = z.looseObject({
	config: z.looseObject({
		name: z.string().regex(/^[^\s.*>/\\]+$/),
		subjects: z.array(z.string()).nullish(),
		storage: z.string().nullish(),
	}),
	state: z.looseObject({
		messages: count,
		bytes: count,
		first_seq: count,
		last_seq: count,
		last_ts: z.string().optional().catch(undefined),
		consumer_count: count.catch(0),
	}),
});

export type BackupMeta = z.infer<typeof metaSchema>;

const sum = z.string().regex(/^[\da-f]{64}$/);
const recordSchema = z.looseObject({
	/** SHA-256 of `stream.tar.s2` and its bytes. */
	sha256: sum,
	bytes: count,
	/** SHA-256 of `backup.json`. */
	metaSha256: sum,
	messages: count,
	firstSeq: count,
	lastSeq: count,
	consumers: count,
	/** The version of the server. */
	server: z.string(),
	/** ISO 8601. */
	at: z.string(),
});

/** What was true of a backup when it was written. */
export type BackupRecord = z.infer<typeof recordSchema>;

export type CheckedBackup = {
	meta: BackupMeta;
	archive: CheckedArchive;
	/** Undefined for a backup of the NATS CLI. */
	record?: BackupRecord | undefined;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes `backup.json` as the NATS CLI does. @returns its SHA-256 */
export function writeMeta(folder: string, {config, state}: BackupMeta): string {
	const text = JSON.stringify({config, state}, null, 2);
	writeFileSync(join(folder, metaFile), text, {mode: 0o600, flush: true});
	return sha256(text);
}

export function writeRecord(folder: string, record: BackupRecord): void {
	writeFileSync(join(folder, recordFile), `${JSON.stringify(record, null, 2)}\n`, {mode: 0o600, flush: true});
}

/** Makes the names in a folder durable. (fsync(2): a file's own fsync does not) */
export function syncFolder(folder: string): void {
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

/**
Reads a backup back from the disk and proves that it is whole and as it was written. One of the NATS CLI has no
record; then it is what its own checksums and its end say.

@param onProgress - The fraction that was read.
@throws BackupError where it is none, is cut, or was altered; an Error when aborted.
*/
export async function checkBackup(
	folder: string,
	onProgress?: (fraction: number) => void,
	signal?: AbortSignal,
): Promise<CheckedBackup> {
	const unusable = (why: string): BackupError =>
		new BackupError(`The backup ${sanitize(folder, 300)} can't be used: ${why}.`);
	const text = await readText(folder, metaFile, unusable);
	const meta = parse(text, metaSchema, () => unusable(`${metaFile} is not what a backup has`));
	const record = await readRecord(folder, unusable);
	if (record !== undefined && record.metaSha256 !== sha256(text)) {
		throw unusable(
			`${metaFile} was altered since it was written (where that was meant, remove ${recordFile} beside it)`,
		);
	}
	const path = join(folder, archiveFile);
	let archive: CheckedArchive;
	try {
		const {size} = await stat(path);
		if (record !== undefined && record.bytes !== size) {
			throw new DamageError(
				`it has ${size} bytes and was written with ${record.bytes}: it was ${size < record.bytes ? 'cut' : 'altered'}`,
			);
		}
		archive = await checkArchive(path, onProgress, signal);
	} catch (error) {
		signal?.throwIfAborted();
		if (error instanceof DamageError) {
			throw unusable(`${archiveFile} is damaged: ${error.message}`);
		}
		throw unusable(`${archiveFile} can't be read: ${(error as Error).message}`);
	}
	if (record !== undefined && record.sha256 !== archive.sha256) {
		throw unusable(`${archiveFile} is damaged: it is not what was written`);
	}
	return {meta, archive, record};
}

async function readRecord(
	folder: string,
	unusable: (why: string) => BackupError,
): Promise<BackupRecord | undefined> {
	try {
		await stat(join(folder, recordFile));
	} catch {
		return undefined;
	}
	const text = await readText(folder, recordFile, unusable);
	return parse(text, recordSchema, () => unusable(`${recordFile} is damaged`));
}

const maxText = 16 << 20;

async function readText(
	folder: string,
	name: string,
	unusable: (why: string) => BackupError,
): Promise<string> {
	const path = join(folder, name);
	try {
		if ((await stat(path)).size > maxText) {
			throw new Error('it is too large');
		}
		return await readFile(path, 'utf8');
	} catch (error) {
		throw (error as NodeJS.ErrnoException).code === 'ENOENT'
			? unusable(`there is no ${name} in it`)
			: unusable(`${name} can't be read: ${(error as Error).message}`);
	}
}

function parse<T extends z.ZodType>(text: string, schema: T, fault: () => Error): z.infer<T> {
	try {
		return schema.parse(parseExactly(text));
	} catch {
		throw fault();
	}
}
