/** Backups on a disk that is or becomes full. Runs inside `lab exec`, as root: it mounts small file systems. */

import {execFileSync} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, openSync, readdirSync, statfsSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {connect, type NatsConnection} from 'nats';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {backupStream} from '../../source/clients/nats/backup.ts';
import {canMount} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {makeLargeStream} from './backup-scene.ts';
import {jetmedic, restore, startTimes} from './scene.ts';

const stream = 'BACKUP_ROOM';
const mib = 1 << 20;

async function disk(megabytes: number): Promise<string> {
	const folder = await tempFolder();
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
	onTestFinished(() => void execFileSync('umount', ['-l', folder]));
	return folder;
}

/** Writes until no more than this is left. */
function fill(folder: string, leave: number): void {
	const file = openSync(join(folder, 'filler'), 'w');
	try {
		while (statfsSync(folder).bavail * statfsSync(folder).bsize > leave) {
			writeSync(file, Buffer.alloc(64 << 10));
		}
	} catch {
		// Full.
	} finally {
		closeSync(file);
	}
}

async function connection(): Promise<NatsConnection> {
	const nats = await connect({servers: '127.0.0.1:4222', reconnect: false});
	onTestFinished(() => nats.close());
	return nats;
}

describe.skipIf(!canMount)('a backup', {timeout: 90_000}, () => {
	beforeAll(restore, 90_000);

	it('that can not fit is refused before it begins', async () => {
		await makeLargeStream(stream, 20 * mib);
		const state = await disk(30);
		const {stderr, code, events} = await backUp(state);
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/^There is no backup: A backup of BACKUP_ROOM may need 20 MiB, and the disk of \S+ has 30 MiB free, of which 16 MiB must stay\. Free space/,
		);
		expect(events).toEqual([]);
		expect(readdirSync(placeIn(state).backups)).toEqual([]);
	});

	it('of a run that can not fit is refused before anything is touched', async () => {
		await makeLargeStream(stream, 20 * mib);
		const state = await disk(30);
		const before = await startTimes();
		const run = jetmedic(['run', 'recover', '--yes', '--json', '--stream', stream], {state});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toMatch(/^The backup may need 20 MiB and .* has \d+ MiB free\. Free space/);
		expect(run.events.some(({event}) => event === 'stopping')).toBe(false);
		expect(await startTimes()).toEqual(before);
	});

	it('gives up while the disk still has a little, and leaves nothing', async () => {
		await makeLargeStream(stream, 20 * mib);
		const folder = await disk(80);
		let filled = false;
		const backup = backupStream(await connection(), stream, join(folder, 'backup'), {
			onProgress() {
				if (!filled) {
					filled = true;
					fill(folder, 12 * mib);
				}
			},
		});
		await expect(backup).rejects.toThrow(
			/has only [\d.]+ MiB left after .* of the backup, so it was given up and removed/,
		);
		expect(readdirSync(folder)).toEqual(['filler']);
	});

	it('that fills the disk all the same leaves nothing', async () => {
		await makeLargeStream(stream, 20 * mib);
		const folder = await disk(80);
		let filled = false;
		const backup = backupStream(await connection(), stream, join(folder, 'backup'), {
			onProgress() {
				if (!filled) {
					filled = true;
					fill(folder, 0);
				}
			},
		});
		await expect(backup).rejects.toThrow(/ENOSPC|has only 0 B left/);
		expect(readdirSync(folder)).toEqual(['filler']);
	});

	it('that is ended leaves nothing, and overwrites nothing', async () => {
		await makeLargeStream(stream, 20 * mib);
		const folder = await tempFolder();
		const ended = new AbortController();
		const nats = await connection();
		await expect(
			backupStream(nats, stream, join(folder, 'backup'), {
				onProgress: () => ended.abort(new Error('SIGTERM')),
				signal: ended.signal,
			}),
		).rejects.toThrow('SIGTERM');
		expect(readdirSync(folder)).toEqual([]);
		mkdirSync(join(folder, 'backup'));
		await expect(backupStream(nats, stream, join(folder, 'backup'))).rejects.toThrow('overwrites nothing');
		expect(existsSync(join(folder, 'backup.part'))).toBe(false);
	});
});

async function backUp(state: string) {
	const program = jetmedic(['backup', stream], {state});
	const {code, stderr} = await program.ended();
	return {code, stderr, events: program.events};
}
