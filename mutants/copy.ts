import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** A copy of the tree as it is now, uncommitted changes too; the packages are linked. @param root - The project's folder. */
export function copyTree(root: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'jetmedic-mutants-'));
	// Tests start it as other users, too.
	chmodSync(folder, 0o755);
	const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 16 << 20,
	});
	for (const name of names.split('\0').filter((one) => one !== '' && existsSync(join(root, one)))) {
		mkdirSync(dirname(join(folder, name)), {recursive: true});
		copyFileSync(join(root, name), join(folder, name));
	}
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	return folder;
}

/** Removes a copy, and ends what of it still runs: a run that a test left is a process of its own. */
export function removeCopy(folder: string): void {
	endProcessesOf(folder);
	rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}

/** Ends the processes that were started from a copy; only where /proc tells them. */
export function endProcessesOf(folder: string): void {
	const pids = existsSync('/proc/self') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
	for (const pid of pids) {
		try {
			const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
			if (args.includes(join(folder, 'bin/jetmedic.js'))) {
				process.kill(Number(pid), 'SIGKILL');
			}
		} catch {
			// It has ended.
		}
	}
}
