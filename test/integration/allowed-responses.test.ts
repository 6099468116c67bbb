/** A user who may answer what it is sent (`allow_responses`) needs no right to acknowledge a snapshot. Runs inside `lab exec`. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {connect} from 'nats';
import {expect, it} from 'vitest';
import {backupStream} from '../../source/clients/nats/backup.ts';
import {readPublishPermissions} from '../../source/clients/nats/permissions.ts';
import {judgePermissions} from '../../source/runbook/preflight/permissions.ts';
import {tempFolder} from '../config/temp.ts';
import {needs} from '../runbook/preflight/needs.ts';
import {guarded, guardedServer} from './guarded-server.ts';

it('lets a user back up, and the preflight says so', {timeout: 60_000}, async () => {
	const folder = await tempFolder();
	await writeFile(
		join(folder, 'server.conf'),
		`authorization { users: [
			{user: root, password: r}
			{user: ana, password: a, permissions: {
				publish: {allow: ["$SYS.REQ.USER.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.SNAPSHOT.*", "$JS.API.STREAM.PURGE.*"]}
				subscribe: "_INBOX.>"
				allow_responses: {max: 1000, expires: "1m"}
			}}
		]}`,
	);
	await guardedServer(['--config', '/guarded/server.conf'], {user: 'root', pass: 'r'}, 500, [
		`${folder}:/guarded:ro`,
	]);
	const connection = await connect({servers: guarded.url, user: 'ana', pass: 'a'});
	try {
		const permissions = await readPublishPermissions(connection);
		expect(permissions).toMatchObject({responses: true, allow: expect.any(Array)});
		const target = {stream: guarded.stream, consumer: 'guard'};
		expect(judgePermissions(permissions, needs({purge: 10}), target, false)).toMatchObject({ok: true});
		const backup = await backupStream(connection, guarded.stream, join(folder, 'backup'));
		expect(backup.messages).toBe(500);
	} finally {
		await connection.close();
	}
});
