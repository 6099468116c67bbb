import {mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Place} from '../place.ts';
import {LabError} from '../run.ts';

/** The variable that tells a run inside the network namespace that its parent holds the lock. */
export const LOCK_HELD = 'JETMEDIC_LAB_LOCKED';

/**
 * Runs `work` while no other process brings this lab instance up or down.
 * Waits up to `waitMs` milliseconds for another one; a lock left by a dead process is taken over.
 * @throws LabError when the other process takes longer
 */
export async function locked<T>(place: Place, work: () => Promise<T>, waitMs = 300_000): Promise<T> {
	if (process.env[LOCK_HELD] === place.name) return work();
	const file = join(place.base, `${place.name}.lock`);
	const deadline = Date.now() + waitMs;
	while (!take(file)) {
		if (Date.now() > deadline) {
			throw new LabError(
				`Another process (${holder(file)}) is still working on the lab "${place.name}": wait for it or stop it.`,
			);
		}
		await sleep(100);
	}
	try {
		return await work();
	} finally {
		rmSync(file, {force: true});
	}
}

function take(file: string): boolean {
	try {
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, `${process.pid}\n`, {flag: 'wx'});
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw new LabError(
				`The lab's state folder cannot be written (${(error as Error).message}): set JETMEDIC_LAB_STATE to one that can.`,
			);
		}
		const pid = holder(file);
		if (pid === undefined ? isOld(file) : !processLives(pid)) rmSync(file, {force: true});
		return false;
	}
}

/** True for a lock that has been empty for seconds: its process was killed before it wrote its id. */
function isOld(file: string): boolean {
	const written = statSync(file, {throwIfNoEntry: false})?.mtimeMs;
	return written !== undefined && Date.now() - written > 5000;
}

/** The process in the lock file; undefined while the file is gone or still being written. */
function holder(file: string): number | undefined {
	try {
		return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
	} catch {
		return undefined;
	}
}

/** True while a process of that id runs, though it may belong to somebody else. */
export function processLives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
