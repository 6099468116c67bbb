import {spawn} from 'node:child_process';
import {describe, expect, it, onTestFinished} from 'vitest';
import {isAlive, processStart} from '../../source/records/process.ts';
import {until} from '../until.ts';

const onLinux = process.platform === 'linux';

function sleeper() {
	// A name with spaces and parentheses: the field that comes before the start time.
	const child = spawn(process.execPath, ['-e', 'process.title = "a) R 1 (b"; setInterval(() => {}, 1000)']);
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
}

describe('a process', () => {
	it('lives while it has the start time that was noted', async () => {
		const child = sleeper();
		const start = processStart(child.pid!);
		expect(start).toMatch(onLinux ? /^\d+$/ : /^$/);
		expect(isAlive(child.pid!, start)).toBe(true);
		expect(isAlive(child.pid!, '')).toBe(true);
		child.kill('SIGKILL');
		await until('it is seen as dead', () => !isAlive(child.pid!, start));
	});

	it.runIf(onLinux)('is another one when its pid was given again', () => {
		expect(isAlive(process.pid, '1')).toBe(false);
		expect(isAlive(process.pid, processStart(process.pid))).toBe(true);
	});

	it.runIf(onLinux)('has a start time also when its name is hostile', async () => {
		const child = sleeper();
		const before = processStart(child.pid!);
		await until('it has its name', async () => {
			const {readFileSync} = await import('node:fs');
			return readFileSync(`/proc/${child.pid}/comm`, 'utf8').includes(')');
		});
		expect(processStart(child.pid!)).toBe(before);
	});

	it('that never was is dead', () => {
		expect(processStart(2 ** 30)).toBe('');
		expect(isAlive(2 ** 30, '')).toBe(false);
	});

	it('of another user is alive', () => {
		expect(isAlive(1, '')).toBe(true);
	});
});
