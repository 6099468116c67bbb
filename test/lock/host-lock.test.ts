import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, onTestFinished} from 'vitest';
import {fromLabels, holderHere} from '../../source/lock/holder.ts';
import {LockedError, lockAddress, lockHolder, takeLock} from '../../source/lock/host-lock.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';

const program = fileURLToPath(new URL('holder.ts', import.meta.url));
const onLinux = process.platform === 'linux';

/** A process that tries to take the lock. Answers it and the first line that it says. */
async function holder(address: string, run: string): Promise<{child: ChildProcess; said: string}> {
	const child = spawn(process.execPath, [program, address.replace('\0', '@'), run], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const said = await new Promise<string>((resolve) =>
		child.stdout!.once('data', (data) => resolve(String(data))),
	);
	return {child, said: said.trim()};
}

const as = (run: string) => holderHere(run, 'restart', {SSH_CONNECTION: '10.0.0.7 1 10.0.0.1 22'});
let serial = 0;
const kinds: [string, () => Promise<string>][] = [
	...(onLinux
		? [
				['the abstract namespace', async () => lockAddress(`test ${process.pid} ${serial++}`, 'titan')] as [
					string,
					() => Promise<string>,
				],
			]
		: []),
	['a file', async () => join(await tempFolder(), 'lock.sock')],
];

describe.each(kinds)('the lock in %s', (_, makeAddress) => {
	it('has one holder among processes, and tells its run', async () => {
		const address = await makeAddress();
		expect((await holder(address, 'run-1')).said).toBe('held');
		expect((await holder(address, 'run-2')).said).toContain(
			'Another run has this deployment: run-1, restart by ',
		);
		await expect(takeLock(address, as('run-3'))).rejects.toThrow(LockedError);
		expect(await lockHolder(address)).toMatchObject({
			run: 'run-1',
			runbook: 'restart',
			pid: expect.any(Number),
		});
	});

	it('is free the moment its holder was killed', async () => {
		const address = await makeAddress();
		const {child} = await holder(address, 'run-1');
		child.kill('SIGKILL');
		await until('the kernel has ended it', () => child.signalCode !== null);
		const lock = await takeLock(address, as('run-2'));
		expect(await lockHolder(address)).toMatchObject({
			run: 'run-2',
			runbook: 'restart',
			pid: expect.any(Number),
		});
		lock.release();
	});

	it('is free after its release, and not taken twice by one process', async () => {
		const address = await makeAddress();
		const first = await takeLock(address, as('run-1'));
		await expect(takeLock(address, as('run-2'))).rejects.toMatchObject({name: 'LockedError', run: 'run-1'});
		first.release();
		await until('it is free', async () => (await lockHolder(address)) === undefined);
		(await takeLock(address, as('run-3'))).release();
	});

	it('goes to one of several that want it at once', async () => {
		const address = await makeAddress();
		const tries = await Promise.allSettled(
			Array.from({length: 8}, (_unused, index) => takeLock(address, as(`r${index}`))),
		);
		const won = tries.filter((one) => one.status === 'fulfilled');
		expect(won).toHaveLength(1);
		won[0]!.value.release();
	});
});

describe('LockedError', () => {
	it('says whose run it is, from where and since when', () => {
		const holder = {...as('run-1'), user: 'ana', host: 'prod-1', since: Date.UTC(2026, 10, 23, 14, 3, 11)};
		expect(new LockedError(holder).message).toMatch(
			/^Another run has this deployment: run-1, restart by ana on prod-1 \(ssh from 10\.0\.0\.7\) since \d\d:\d\d:11\. One run at a time;/,
		);
		expect(new LockedError(fromLabels({})).message).toContain('Another run has this deployment. One run');
	});
});

describe('lockAddress', () => {
	it('is one for each engine and project', () => {
		const addresses = [
			lockAddress('unix:///a', 'titan'),
			lockAddress('unix:///b', 'titan'),
			lockAddress('unix:///a', 'other'),
			lockAddress('unix:///a', 'titan', 'darwin'),
		];
		expect(new Set(addresses).size).toBe(4);
		expect(lockAddress('unix:///a', 'titan')).toBe(addresses[0]);
		expect(existsSync(addresses[3]!)).toBe(false);
		// sun_path holds 108 bytes (unix(7)); a longer one is cut, and two locks could be one.
		expect(Math.max(...addresses.slice(0, 3).map((address) => address.length))).toBeLessThan(100);
	});
});
