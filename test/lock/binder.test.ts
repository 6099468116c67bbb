import {spawn} from 'node:child_process';
import {chmod, cp} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {type Holder, holderHere, toLabels} from '../../source/lock/holder.ts';
import {engineKey, LockedError, lockAddress, lockHolder, takeLock} from '../../source/lock/host-lock.ts';
import {engineUsers, mayHold} from '../../source/lock/may-hold.ts';
import {takeRunLock} from '../../source/lock/run-lock.ts';
import type {SocketOwner} from '../../source/lock/socket-owner.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {tempPlace} from '../runbook/fixture.ts';

const stranger = 54_321;
const genuine = holderHere('r-1', 'restart', {});
let serial = 0;
const newAddress = (): string => lockAddress(`binder ${process.pid} ${serial++}`, 'titan');

/** A process of another user that has the name of a lock. */
async function bind(address: string, said: string, uid = stranger): Promise<number> {
	// The checkout may be in a folder that others cannot read.
	const folder = await tempFolder();
	await chmod(folder, 0o755);
	const program = join(folder, 'binder.mjs');
	await cp(fileURLToPath(new URL('binder.mjs', import.meta.url)), program);
	const child = spawn(process.execPath, [program, address.replace('\0', '@'), said], {
		stdio: ['ignore', 'pipe', 'inherit'],
		uid,
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	await new Promise((resolve) => {
		child.stdout!.once('data', resolve);
	});
	return child.pid!;
}

const saying = (holder: Partial<Holder>): string => JSON.stringify(toLabels({...genuine, ...holder}));

describe.runIf(canBecome)('the name of a lock that another user has bound', () => {
	it.each([
		['says nothing', 'nothing'],
		['says nonsense', 'x'],
		["says that it is root's run", saying({})],
		['says that it is another machine', saying({machine: 'elsewhere'})],
	])('and who %s, blocks nobody', async (_, said) => {
		const address = newAddress();
		const pid = await bind(address, said);
		expect(await lockHolder(address)).toBeUndefined();
		expect(await takeLock(address, genuine)).toMatchObject({ignored: `process ${pid} of uid ${stranger}`});
	});

	it('blocks nobody either where its process cannot be looked into', async () => {
		const address = newAddress();
		await bind(address, saying({}));
		process.seteuid?.(65_534);
		try {
			expect(await takeLock(address, genuine)).toMatchObject({
				ignored: 'a process that cannot be identified',
			});
		} finally {
			process.seteuid?.(0);
		}
	});

	it("keeps others out if it is root's, whatever it says", async () => {
		const address = newAddress();
		await bind(address, 'nothing', 0);
		await expect(takeLock(address, genuine)).rejects.toThrow(LockedError);
	});

	it('is named by the run, which has the lock in the engine', async () => {
		const endpoint = {kind: 'socket', path: '/nowhere.sock', describe: 'unix:///nowhere.sock'} as const;
		await bind(lockAddress(engineKey(endpoint), titan.docker.project), 'nothing');
		const lock = await takeRunLock(
			{
				docker: {endpoint, events: async () => {}} as never,
				config: titan,
				place: await tempPlace(),
				env: {},
				signal: new AbortController().signal,
			},
			{run: 'r-1', runbook: 'restart', resumes: undefined},
		);
		expect(lock.note).toMatch(
			/^The name of this host's lock is held by process \d+ of uid 54321, which has no right to it\. It was ignored\. The engine cannot hold/,
		);
		await lock.release();
	});
});

describe('mayHold', () => {
	const argv = ['node', '/opt/jetmedic/bin/jetmedic.js', 'run', 'restart', '--id', 'r-1'];
	const owner: SocketOwner = {uid: 1001, pid: 7, argv, isProven: true};
	const claim = {run: 'r-1', runbook: 'restart'};
	const me = process.geteuid?.() ?? 0;

	it.each([
		['root, as the kernel says', {uid: 0, argv: []}, false, true],
		['this user, as the kernel says', {uid: me, argv: []}, false, true],
		['root, as it says itself, with the run that it claims', {uid: 0, isProven: false}, false, true],
		[
			'root, as it says itself, with another program',
			{uid: 0, isProven: false, argv: ['/sbin/init']},
			false,
			false,
		],
		['who may use the engine, with that run', {}, true, true],
		['who may use the engine, with another run', {argv: [...argv.slice(0, -1), 'r-2']}, true, false],
		['who may use the engine, with another program', {argv: ['nc', '-lU']}, true, false],
		['who may not use the engine', {}, false, false],
	])('%s', (_, changes, mayUse, may) => {
		expect(mayHold({...owner, ...changes}, claim, () => mayUse, '/x/jetmedic.js')).toBe(may);
	});

	it('is nobody of whom nothing is known', () => {
		expect(mayHold(undefined, claim, () => true, '')).toBe(false);
	});

	it('knows the escalation by its command', () => {
		const waits = {...owner, uid: 0, isProven: false, argv: ['node', '/x/jetmedic.js', 'escalate']};
		expect(mayHold(waits, {run: 'escalation', runbook: 'escalation'}, () => false, '')).toBe(true);
		expect(mayHold(waits, claim, () => false, '')).toBe(false);
	});
});

describe('engineUsers', () => {
	it('are those who can write its socket, and nobody where it is not on this host', async () => {
		const folder = await tempFolder({'docker.sock': ''});
		const path = join(folder, 'docker.sock');
		const may = engineUsers({kind: 'socket', path, describe: `unix://${path}`});
		await chmod(path, 0o660);
		expect(may(stranger)).toBe(false);
		expect(may(process.geteuid?.() ?? 0)).toBe(true);
		await chmod(path, 0o666);
		expect(may(stranger)).toBe(true);
		expect(engineUsers({kind: 'tcp', host: 'h', port: 1, describe: 'tcp://h:1'} as never)(stranger)).toBe(
			false,
		);
	});
});
