import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {onSwitch} from './switches.ts';

/** Of the 256 MiB that the container may have. */
const MOST_BYTES = 236 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The faults of a service that holds nearly all the memory it may have, or takes more and is killed. */
export function startMemory(): void {
	let held: Buffer[] = [];
	const grow = (limit: number) => {
		// written to: memory that is only asked for is not counted
		while (process.memoryUsage().rss < limit) held.push(Buffer.alloc(CHUNK_BYTES, 1));
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
