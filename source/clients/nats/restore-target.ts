import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {plural} from '../../text/count.ts';
import {sanitize} from '../../text/sanitize.ts';
import {BackupError} from './backup-error.ts';
import type {BackupMeta, CheckedBackup} from './backup-files.ts';
import {ErrorCode, JetStreamError, request, streamInfo} from './jetstream.ts';

// From this version on a snapshot is messages, not the store's files (nats-server, server/stream_backup.go).
const archiveSince = [2, 15] as const;
const namesSchema = z.object({streams: z.array(z.string()).nullish()});
const maxSubjects = 1000;

/**
What a restore asks the server for: the backup's configuration, under the wanted name. Sends only questions.

@throws BackupError where the server would refuse it, or worse: it refuses some only after it has left a part of the
stream behind.
*/
export async function targetOf(
	connection: NatsConnection,
	{meta, archive}: CheckedBackup,
	{as, inert}: {as?: string | undefined; inert: boolean},
): Promise<BackupMeta> {
	const saved = meta.config.name;
	const name = as ?? saved;
	if (!/^[^\s.*>/\\]{1,255}$/.test(name)) {
		throw new BackupError(`${JSON.stringify(sanitize(name, 100))} can't be the name of a stream.`);
	}
	const version = sanitize(connection.info?.version ?? '', 40);
	const old = isBefore(version, archiveSince);
	if (archive.layout === 'archive' && old) {
		throw new BackupError(
			`This backup is of a server from 2.15 on, and the server here is ${version}, which can't read it. Nothing was sent.`,
		);
	}
	if (meta.config.storage === 'memory' && old) {
		throw new BackupError(
			`${sanitize(saved, 200)} is a stream in memory, and a server before 2.15 (this is ${version}) restores none. Nothing was sent.`,
		);
	}
	if (archive.layout === 'tar' && name !== saved) {
		throw new BackupError(
			`This backup is of a server before 2.15: its messages carry checksums over the stream's name, so it can only be restored as ${sanitize(saved, 200)}. Nothing was sent.`,
		);
	}
	if (inert && archive.inert === undefined) {
		throw new BackupError(
			'Only of a backup that a server from 2.15 on has made can there be an inert copy. Nothing was sent.',
		);
	}
	if (await isThere(connection, name)) {
		throw new BackupError(
			`There is a stream ${sanitize(name, 200)} already, and a restore never overwrites one. Restore under another name (--as NAME), or remove the stream first. Nothing was sent.`,
		);
	}
	const pushes = archive.consumers.filter(({deliverSubject}) => deliverSubject !== undefined);
	if (!inert && name !== saved && pushes.length > 0 && (await isThere(connection, saved))) {
		const names = sanitize(pushes.map((push) => push.name).join(', '), 300);
		throw new BackupError(
			`The backup holds ${plural(pushes.length, 'push consumer')} (${names}), which would send the messages a second time to whoever listens to those of ${sanitize(saved, 200)}. Restore a copy without consumers (--inert), or remove ${sanitize(saved, 200)} first. Nothing was sent.`,
		);
	}
	const config = {...meta.config, name};
	const target: BackupMeta = {config: inert ? withoutLife(config) : config, state: meta.state};
	await refuseOverlap(connection, target.config.subjects ?? []);
	return target;
}

/** The configuration without what brings new messages in, sends them on, or removes the old ones. */
function withoutLife(config: BackupMeta['config']): BackupMeta['config'] {
	const {
		subjects: _1,
		mirror: _2,
		sources: _3,
		republish: _4,
		subject_transform: _5,
		max_age: _6,
		subject_delete_marker_ttl: _7,
		sealed: _8,
		...rest
	} = config as BackupMeta['config'] & Record<string, unknown>;
	// Under `interest` and `workqueue` a stream without consumers keeps nothing.
	return {...rest, retention: 'limits'} as BackupMeta['config'];
}

async function isThere(connection: NatsConnection, stream: string): Promise<boolean> {
	try {
		await streamInfo(connection, stream);
		return true;
	} catch (error) {
		if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
			return false;
		}
		throw error;
	}
}

/** `$JS.API.STREAM.NAMES` with a subject names the streams that take some of it. */
async function refuseOverlap(connection: NatsConnection, subjects: string[]): Promise<void> {
	for (const subject of subjects.slice(0, maxSubjects)) {
		const {streams} = await request(connection, 'STREAM.NAMES', {subject}, namesSchema);
		const [other] = streams ?? [];
		if (other !== undefined) {
			throw new BackupError(
				`The stream ${sanitize(other, 200)} takes ${sanitize(subject, 200)} already, and two streams can't take the same subject. Restore a copy without subjects (--inert), or free that subject first. Nothing was sent.`,
			);
		}
	}
}

/** Whether a version such as `2.14.5` or `2.15.0-RC.1` is before another; false for one that can't be read. */
export function isBefore(version: string, [major, minor]: readonly [number, number]): boolean {
	const [, a, b] = /^(\d+)\.(\d+)/.exec(version) ?? [];
	return a !== undefined && (Number(a) < major || (Number(a) === major && Number(b) < minor));
}
