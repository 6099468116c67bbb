import {existsSync, readFileSync} from 'node:fs';

/**
When a process started, in clock ticks since boot; empty where it can't be known. A pid alone may by now be
another's; a pid with its start is not. (proc(5), /proc/<pid>/stat, field 22)
*/
export function processStart(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is the command in parentheses and may hold anything, so count from its end.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		// A zombie has ended.
		return fields[0] === 'Z' ? '' : (fields[19] ?? '');
	} catch {
		return '';
	}
}

/** Whether the very process that wrote `pid` and `start` still runs. */
export function isAlive(pid: number, start: string): boolean {
	if (start !== '') {
		return processStart(pid) === start;
	}
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** As `isAlive`, and undefined where another user's processes are hidden (proc(5), hidepid) or `start` is not known. */
export function livenessOf(pid: number, start: string): boolean | undefined {
	if (start === '') {
		return undefined;
	}
	if (existsSync(`/proc/${pid}/stat`)) {
		return processStart(pid) === start;
	}
	try {
		process.kill(pid, 0);
		return undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM' ? undefined : false;
	}
}
