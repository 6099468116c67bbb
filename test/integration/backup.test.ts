/** Backup and restore on a real server. Runs inside `lab exec`, which names the lab and its engine. */
import {cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {checkBackup} from '../../source/clients/nats/backup-files.ts';
import {restoreBackup} from '../../source/clients/nats/restore.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';
import {allOf, isThere, makeBusyStream, makeLargeStream, without} from './backup-scene.ts';
import {container, docker, jetmedic, restore, withNats} from './scene.ts';

const stream = 'BACKUP_TEST';
const other = 'BACKUP_COPY';
const large = 'BACKUP_LARGE';

/** A snapshot is messages, and can be restored under another name, from this version on. */
const isNew = withNats(async (nc) => {
	const [major, minor] = (nc.info?.version ?? '').split('.').map(Number);
	return major! > 2 || (major === 2 && minor! >= 15);
});

type Ended = {code: number | null; stdout: string; stderr: string; last: Record<string, unknown>};

async function run(args: string[], state: string, env?: Record<string, string>): Promise<Ended> {
	const program = jetmedic(args, {state, ...(env && {env})});
	const {code, stdout, stderr} = await program.ended();
	let last = {};
	try {
		last = JSON.parse(program.lines.at(-1) ?? '{}') as Record<string, unknown>;
	} catch {
		// Not asked for JSON.
	}
	return {code, stdout, stderr, last};
}

/** `jetmedic backup`. @returns its folder */
async function backUp(state: string, name = stream): Promise<string> {
	const {code, stderr, last} = await run(['backup', name, '--json'], state);
	expect({code, stderr}).toEqual({code: 0, stderr: ''});
	return String(last['folder']);
}

const drop = (name: string) => withNats((_nc, jsm) => jsm.streams.delete(name));

/** Counts the restores that the server begins, until the test ends. */
async function watchRestores(): Promise<() => Promise<number>> {
	let seen = 0;
	const {connect} = await import('nats');
	const connection = await connect({servers: '127.0.0.1:4222', reconnect: false});
	onTestFinished(() => connection.close());
	connection.subscribe('$JS.EVENT.ADVISORY.STREAM.RESTORE_CREATE.>', {
		callback: () => {
			seen++;
		},
	});
	await connection.flush();
	return async () => {
		await connection.flush();
		return seen;
	};
}

describe('backup and restore', {timeout: 90_000}, () => {
	beforeAll(restore, 90_000);

	it('give back every message, consumer and floor after a purge', async () => {
		const state = await tempFolder();
		await makeBusyStream(stream);
		const before = await allOf(stream);
		expect(before.messages).toHaveLength(294);
		const folder = await backUp(state);
		expect(readdirSync(folder).sort()).toEqual(['backup.json', 'jetmedic.json', 'stream.tar.s2']);
		await withNats((_nc, jsm) => jsm.streams.purge(stream));
		expect(await allOf(stream)).not.toEqual(before);
		await drop(stream);
		const restored = await run(['restore', folder, '--yes', '--json'], state);
		expect(restored).toMatchObject({code: 0, stderr: ''});
		expect(restored.last).toMatchObject({
			event: 'finished',
			result: 'restored',
			stream,
			messages: 294,
			firstSeq: 5,
			lastSeq: 300,
			consumers: 3,
			missing: 0,
		});
		expect(await allOf(stream)).toEqual(before);
	});

	it('say it in words', async () => {
		const state = await tempFolder();
		await makeBusyStream(stream);
		const written = await run(['backup', stream], state);
		// Where the tests run in a container, it says that the backup goes with it.
		expect(written).toMatchObject({code: 0, stderr: expect.stringMatching(/^$|lost with this container/)});
		const {backups} = placeIn(state);
		const [name] = readdirSync(backups);
		expect(written.stdout).toMatch(/^BACKUP_TEST: 294 messages, 3 consumers, \d+ KiB, checked {2}→ {2}\S+$/);
		expect(written.stdout).toContain(join(backups, name!));
		await drop(stream);
		expect(await run(['restore', join(backups, name!), '--yes'], state)).toMatchObject({
			code: 0,
			stderr: '',
			stdout: 'BACKUP_TEST is restored: 294 messages, sequences 5 to 300, 3 consumers.',
		});
	});

	it('are in the records, and in the report', async () => {
		const state = await tempFolder();
		await makeBusyStream(stream);
		const folder = await backUp(state);
		expect(await run(['restore', folder, '--yes'], state)).toMatchObject({code: 1});
		await drop(stream);
		expect(await run(['restore', folder, '--yes'], state)).toMatchObject({code: 0});
		const {transfers} = placeIn(state);
		const notes = readFileSync(transfers, 'utf8')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line));
		expect(notes.map(({what, state}) => `${what} ${state}`)).toEqual([
			'backup begun',
			'backup done',
			'restore begun',
			'restore failed',
			'restore begun',
			'restore done',
		]);
		for (const note of notes) {
			expect(note).toMatchObject({stream, folder, user: expect.any(String), host: expect.any(String)});
		}
		const {stdout} = await run(['report', '--list'], state);
		expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
			expect.stringMatching(/^backup \S+ {2}done {2}BACKUP_TEST, by /),
			expect.stringMatching(/^restore \S+ {2}failed {2}BACKUP_TEST, by /),
			expect.stringMatching(/^restore \S+ {2}done {2}BACKUP_TEST, by /),
		]);
	});

	it('keep a record beside the files of the NATS CLI', async () => {
		const state = await tempFolder();
		await makeBusyStream(stream);
		const folder = await backUp(state);
		const meta = JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8'));
		expect(Object.keys(meta)).toEqual(['config', 'state']);
		expect(meta.config).toMatchObject({name: stream, subjects: ['backup_test.>']});
		expect(JSON.parse(readFileSync(join(folder, 'jetmedic.json'), 'utf8'))).toMatchObject({
			sha256: expect.stringMatching(/^[\da-f]{64}$/),
			bytes: statSync(join(folder, 'stream.tar.s2')).size,
			messages: 294,
			lastSeq: 300,
			consumers: 3,
			server: expect.stringMatching(/^\d+\.\d+/),
			at: expect.stringMatching(/^\d{4}-.*Z$/),
		});
	});

	it('keep a limit that no double can hold', async () => {
		const state = await tempFolder();
		const largest = '9223372036854775807';
		await without(stream);
		await withNats(async (nc) => {
			const config = `{"name":"${stream}","subjects":["backup_test.>"],"storage":"file","retention":"limits","num_replicas":1,"max_bytes":-1,"max_msgs":${largest}}`;
			await nc.request(`$JS.API.STREAM.CREATE.${stream}`, config);
		});
		const folder = await backUp(state);
		expect(readFileSync(join(folder, 'backup.json'), 'utf8')).toContain(`"max_msgs": ${largest}`);
		await drop(stream);
		expect((await run(['restore', folder, '--yes'], state)).code).toBe(0);
		const info = await withNats((nc) => nc.request(`$JS.API.STREAM.INFO.${stream}`));
		expect(info.string()).toContain(`"max_msgs":${largest}`);
	});

	it('restore what nats-server 2.9 and the NATS CLI wrote', async () => {
		await without('ORDERS');
		const folder = fileURLToPath(new URL('../clients/archive/backup-2.9', import.meta.url));
		const {code, stdout} = await run(['restore', folder, '--yes'], await tempFolder());
		expect({code, stdout}).toEqual({
			code: 0,
			stdout: 'ORDERS is restored: 38 messages, sequences 1 to 40, 2 consumers.',
		});
		const {messages, consumers} = await allOf('ORDERS');
		expect(messages).toHaveLength(38);
		expect(consumers).toMatchObject([
			{name: 'push', pending: 19},
			{name: 'work', floor: [2, 2], ackPending: 1, pending: 33},
		]);
	});

	describe('a backup that is not whole', () => {
		const damages: [string, RegExp, (folder: string) => void][] = [
			...[0, 1, 10, 20_000, -1].map((at): [string, RegExp, (folder: string) => void] => [
				`cut at ${at}`,
				/stream\.tar\.s2 is damaged: it has \d+ bytes and was written with \d+: it was cut\./,
				(folder) => cut(folder, at),
			]),
			...[0, 1, 10, 20_000, -1].map((at): [string, RegExp, (folder: string) => void] => [
				`cut at ${at}, without a record`,
				/stream\.tar\.s2 is damaged: it (is empty|ends in the middle of a block: it was cut)\./,
				(folder) => {
					rmSync(join(folder, 'jetmedic.json'));
					cut(folder, at);
				},
			]),
			[
				'with a flipped byte',
				/stream\.tar\.s2 is damaged: /,
				(folder) => flip(folder, 'stream.tar.s2', 30_000),
			],
			[
				'with a flipped byte, without a record',
				/stream\.tar\.s2 is damaged: a block of it/,
				(folder) => {
					rmSync(join(folder, 'jetmedic.json'));
					flip(folder, 'stream.tar.s2', 30_000);
				},
			],
			[
				'with another configuration',
				/backup\.json was altered/,
				(folder) => flip(folder, 'backup.json', readFileSync(join(folder, 'backup.json')).indexOf('test.>')),
			],
			['with a damaged record', /jetmedic\.json is damaged/, (folder) => flip(folder, 'jetmedic.json', 0)],
			['without its archive', /there is no|no such file/, (folder) => rmSync(join(folder, 'stream.tar.s2'))],
			[
				'without backup.json',
				/there is no backup\.json in it/,
				(folder) => rmSync(join(folder, 'backup.json')),
			],
		];

		it('is refused, and nothing is sent', async () => {
			const state = await tempFolder();
			await makeBusyStream(stream);
			const folder = await backUp(state);
			await drop(stream);
			const restores = await watchRestores();
			for (const [what, why, damage] of damages) {
				const copy = join(await tempFolder(), 'copy');
				cpSync(folder, copy, {recursive: true});
				damage(copy);
				const {code, stdout, stderr} = await run(['restore', copy, '--yes'], state);
				expect({what, code, stdout, stderr}).toEqual({
					what,
					code: 1,
					stdout: '',
					stderr: expect.stringMatching(why),
				});
				expect(stderr).toMatch(/^Not restored: The backup .* can't be used: /);
			}
			expect(await restores()).toBe(0);
			expect(await isThere(stream)).toBe(false);
		});
	});

	describe('a restore', () => {
		it('never overwrites a stream', async () => {
			const state = await tempFolder();
			await makeBusyStream(stream);
			const folder = await backUp(state);
			const before = await allOf(stream);
			const {code, stderr} = await run(['restore', folder, '--yes'], state);
			expect(code).toBe(1);
			expect(stderr).toMatch(/There is a stream BACKUP_TEST already, and a restore never overwrites one\./);
			expect(await allOf(stream)).toEqual(before);
		});

		it('is done under another name, with consumers', async ({skip}) => {
			skip(!(await isNew), 'the server can not');
			const state = await tempFolder();
			await makeBusyStream(stream);
			await without(other);
			const folder = await backUp(state);
			const before = await allOf(stream);
			await drop(stream);
			expect(await run(['restore', folder, '--as', other, '--yes'], state)).toMatchObject({
				code: 0,
				stderr: '',
			});
			expect(await allOf(other)).toEqual(before);
			expect(await isThere(stream)).toBe(false);
		});

		it('says why a copy can not stand beside the stream, and makes an inert one', async ({skip}) => {
			skip(!(await isNew), 'the server can not');
			const state = await tempFolder();
			await makeBusyStream(stream);
			await without(other);
			const folder = await backUp(state);
			const restores = await watchRestores();
			const refused = await run(['restore', folder, '--as', other, '--yes'], state);
			expect(refused).toMatchObject({
				code: 1,
				stderr: expect.stringContaining(
					"The stream BACKUP_TEST takes backup_test.> already, and two streams can't take the same subject. Restore a copy without subjects (--inert)",
				),
			});
			expect(await restores()).toBe(0);
			const before = await allOf(stream);
			expect(await run(['restore', folder, '--as', other, '--inert', '--yes'], state)).toMatchObject({
				code: 0,
				stdout: 'BACKUP_COPY is restored: 294 messages, sequences 5 to 300, 0 consumers.',
			});
			expect(await allOf(other)).toMatchObject({
				messages: before.messages,
				state: before.state,
				consumers: [],
				config: {subjects: [other]},
			});
			expect(await allOf(stream)).toEqual(before);
		});

		it('makes no second push consumer beside the first', async ({skip}) => {
			skip(!(await isNew), 'the server can not');
			const state = await tempFolder();
			await without('ORDERS', other);
			const folder = fileURLToPath(new URL('../clients/archive/backup-2.15', import.meta.url));
			expect((await run(['restore', folder, '--yes'], state)).code).toBe(0);
			// Its subject free, so that nothing else is in the way.
			await withNats((_nc, jsm) => jsm.streams.update('ORDERS', {subjects: ['other.>']}));
			const restores = await watchRestores();
			expect(await run(['restore', folder, '--as', other, '--yes'], state)).toMatchObject({
				code: 1,
				stderr: expect.stringContaining(
					'The backup holds 1 push consumer (push), which would send the messages a second time',
				),
			});
			expect(await restores()).toBe(0);
		});

		it('says what the limits of the stream let go', async () => {
			const state = await tempFolder();
			await without(stream);
			await withNats(async (nc, jsm) => {
				await jsm.streams.add({name: stream, subjects: ['backup_test.>'], max_age: 2e9});
				const js = nc.jetstream();
				await js.publish('backup_test.a', 'one');
				await js.publish('backup_test.a', 'two');
			});
			const folder = await backUp(state);
			await until('the stream lets its messages go', async () =>
				withNats(async (_nc, jsm) => (await jsm.streams.info(stream)).state.messages === 0),
			);
			await drop(stream);
			const {code, stdout, stderr} = await run(['restore', folder, '--yes'], state);
			// Whether the server looks at their age before or after it has answered is its own affair.
			if (code === 0) {
				expect(stdout).toContain('BACKUP_TEST is restored: 2 messages');
			} else {
				expect(stderr).toContain('but 2 messages of the backup are not in it: the limits of the stream');
			}
		});

		it('that is ended in the middle leaves nothing', async () => {
			const state = await tempFolder();
			await makeLargeStream(large, 60_000_000);
			const folder = await backUp(state, large);
			await drop(large);
			const program = jetmedic(['restore', folder, '--yes', '--json'], {state});
			await until(
				'it sends',
				() => program.lines.some((line) => / sent"/.test(line)) || program.child.exitCode !== null,
				30_000,
			);
			program.child.kill('SIGTERM');
			expect(await program.ended()).toMatchObject({
				code: 1,
				stderr: expect.stringMatching(/^Not restored: it was ended by SIGTERM/),
			});
			expect(await isThere(large)).toBe(false);
			// And can be done again.
			expect((await run(['restore', folder, '--yes'], state)).code).toBe(0);
			expect(await isThere(large)).toBe(true);
		});

		it('removes the part that the server had made when it is ended', async ({skip}) => {
			skip(!(await isNew), 'the server makes it only at the end');
			await makeLargeStream(large, 100_000_000);
			const folder = await backUp(await tempFolder(), large);
			await drop(large);
			const backup = await checkBackup(folder);
			const ended = new AbortController();
			const restoring = withNats((nc) => restoreBackup(nc, folder, backup, {signal: ended.signal}));
			const outcome = expect(restoring).rejects.toThrow(
				'SIGTERM. The part of BACKUP_LARGE that the server had restored was removed again.',
			);
			await until('the server makes the stream', () => isThere(large), 20_000, 1);
			ended.abort(new Error('SIGTERM'));
			await outcome;
			expect(await isThere(large)).toBe(false);
		});

		it.each([
			['without a terminal and without --yes', [], /needs --yes/],
			['read-only', ['--yes', '--read-only'], /read-only/],
		])('does nothing %s', async (_, flags, why) => {
			const state = await tempFolder();
			await makeBusyStream(stream);
			const folder = await backUp(state);
			await drop(stream);
			const restores = await watchRestores();
			expect(await run(['restore', folder, ...flags], state)).toMatchObject({
				code: 1,
				stderr: expect.stringMatching(why),
			});
			expect(await restores()).toBe(0);
			expect(await isThere(stream)).toBe(false);
		});
	});

	describe('a backup', () => {
		it('is allowed read-only, and the configured stream is the one without a name', async () => {
			await makeBusyStream(stream);
			const args = ['backup', '--read-only', '--json', '--stream', stream];
			expect(await run(args, await tempFolder())).toMatchObject({
				code: 0,
				last: {event: 'finished', result: 'written', stream, messages: 294},
			});
		});

		it.each([
			['NO_SUCH_STREAM', 'There is no backup: the server does not know NO_SUCH_STREAM.'],
			['../../up', '"../../up" is not the name of a stream.'],
			['a.b', '"a.b" is not the name of a stream.'],
		])('of %s is refused', async (name, why) => {
			const state = await tempFolder();
			expect(await run(['backup', name], state)).toMatchObject({code: 1, stdout: '', stderr: `${why}\n`});
		});

		it('of a stream larger than 100 MB holds a part of it at a time', async () => {
			const state = await tempFolder();
			const bytes = 300_000_000;
			await makeLargeStream(large, bytes);
			const peaks: number[] = [];
			const peakOf = async (args: string[]) => {
				const program = jetmedic(args, {state});
				let peak = 0;
				await until(
					'it ends',
					() => {
						peak = Math.max(peak, residentBytes(program.child.pid!));
						return program.child.exitCode !== null;
					},
					60_000,
				);
				const {code, stderr} = await program.ended();
				expect({code, stderr}).toEqual({code: 0, stderr: ''});
				peaks.push(peak);
				return program;
			};
			const program = await peakOf(['backup', large, '--json']);
			const {folder} = JSON.parse(program.lines.at(-1)!) as {folder: string};
			const fractions = program.lines
				.map((line) => (JSON.parse(line) as {fraction?: number}).fraction)
				.filter((fraction) => fraction !== undefined);
			expect(fractions.length).toBeGreaterThan(2);
			expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
			await drop(large);
			await peakOf(['restore', folder, '--yes', '--json']);
			for (const peak of peaks) {
				expect(peak).toBeGreaterThan(30_000_000);
				// Node alone takes a fourth of it.
				expect(peak).toBeLessThan(bytes * 0.85);
			}
		});

		it('is taken by a user who has an inbox of its own', async () => {
			const server = await startServer(`
				jetstream {store_dir: "/tmp/js"}
				authorization {users: [
					{user: admin, password: admin}
					{user: ops, password: "hunter2", permissions: {
						publish: ["$JS.API.STREAM.INFO.*", "$JS.API.STREAM.SNAPSHOT.*", "$JS.SNAPSHOT.ACK.>"]
						subscribe: ["_INBOX_ops.>"]
					}}
				]}`);
			const {connect} = await import('nats');
			const admin = await until('the server is there', () =>
				connect({servers: server, user: 'admin', pass: 'admin', reconnect: false}),
			);
			onTestFinished(() => admin.close());
			const jsm = await admin.jetstreamManager();
			await jsm.streams.add({name: stream, subjects: ['backup_test.>']});
			for (let index = 0; index < 100; index++) {
				await admin.jetstream().publish('backup_test.a', `message ${index}`);
			}
			const url = `nats://${server}`;
			const access = {service: 'titan-nats', url, user: 'ops', password: 'hunter2'};
			const state = await tempFolder({
				'own.yaml': JSON.stringify({nats: {...access, inboxPrefix: '_INBOX_ops'}}),
				'none.yaml': JSON.stringify({nats: access}),
			});
			const env = {NATS_URL: url};
			expect(await run(['backup', stream, '--json', '--config', 'own.yaml'], state, env)).toMatchObject({
				code: 0,
				last: {messages: 100},
			});
			const refused = await run(['backup', stream, '--config', 'none.yaml'], state, env);
			expect(refused).toMatchObject({code: 1, stderr: expect.stringMatching(/permission/i)});
			expect(refused.stderr).not.toContain('hunter2');
		});
	});
});

function cut(folder: string, at: number): void {
	const path = join(folder, 'stream.tar.s2');
	truncateSync(path, at < 0 ? statSync(path).size + at : at);
}

function flip(folder: string, name: string, at: number): void {
	const path = join(folder, name);
	const bytes = readFileSync(path);
	bytes[at]! ^= 0x20;
	writeFileSync(path, bytes);
}

/** Resident memory now, in bytes; 0 where the process is gone. (proc(5)) */
function residentBytes(pid: number): number {
	try {
		return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
	} catch {
		return 0;
	}
}

/** Another server of the lab's own image, with this configuration; gone when the test ends. @returns host:port */
async function startServer(config: string): Promise<string> {
	const {Image, NetworkSettings} = await container('titan-nats');
	const [network] = Object.keys(NetworkSettings.Networks);
	const folder = await tempFolder({'nats.conf': config});
	const server = await docker.createContainer({
		Image,
		Cmd: ['nats-server', '--config', '/conf/nats.conf', '--port', '4222'],
		ExposedPorts: {'4222/tcp': {}},
		HostConfig: {
			Binds: [`${folder}:/conf:ro`],
			// The lab's own engine has no default bridge.
			NetworkMode: network!,
			PortBindings: {'4222/tcp': [{HostIp: '127.0.0.1', HostPort: ''}]},
		},
	});
	onTestFinished(() => server.remove({force: true}));
	await server.start();
	const {Ports} = (await server.inspect()).NetworkSettings;
	return `127.0.0.1:${Ports['4222/tcp']?.[0]?.HostPort}`;
}
