import {readFileSync} from 'node:fs';

/** A process's processor time so far, user and system, of it alone. (proc(5): ticks of 10 ms) */
export function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The second field is the command in parentheses and may hold anything, so count from its end.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A process's resident memory, in bytes. */
export function residentBytes(pid: number): number {
	const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
	return Number(line?.[1]) * 1024;
}
