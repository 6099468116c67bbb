import {readFileSync} from 'node:fs';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {onSwitch} from './switches.ts';

/** Where the kernel tells the memory of a control group, version 1 before version 2, and the line of what it may not drop. */
const ACCOUNTS = [
	['/sys/fs/cgroup/memory/memory.stat', /^total_rss (\d+)/m],
	['/sys/fs/cgroup/memory.stat', /^anon (\d+)/m],
] as const;

/** Of the 256 MiB that the container may have. */
const MOST_BYTES = 236 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The faults of a service that holds nearly all the memory it may have, or takes more and is killed. */
export function startMemory(): void {
	let held: Buffer[] = [];
	const grow = (limit: number) => {
		// written to: memory that is only asked for is not counted
		while (ownMemory() < limit) held.push(Buffer.alloc(CHUNK_BYTES, 1));
	};
	onSwitch('memory-over', () => grow(Number.POSITIVE_INFINITY));
	onSwitch('memory', (on) => {
		if (on) {
			grow(MOST_BYTES);
			return;
		}
		held = [];
		setFlagsFromString('--expose-gc');
		(runInNewContext('gc') as () => void)();
	});
}

/** The memory of the container that counts against its limit. A process's own figure has its program's file in it. */
function ownMemory(): number {
	for (const [file, line] of ACCOUNTS) {
		try {
			return Number(line.exec(readFileSync(file, 'utf8'))?.[1]);
		} catch {
			// the other version
		}
	}
	return process.memoryUsage().rss;
}
