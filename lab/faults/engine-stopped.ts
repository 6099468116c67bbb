import {ownDaemon} from '../engine/leftovers.ts';
import {needPrivate} from '../tools/engine.ts';
import {nothing} from '../tools/nothing.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The engine is stopped in an orderly way, and takes every container with it. */
export const engineStopped: Fault = {
	name: 'engine-stopped',
	summary: 'SIGTERM of dockerd: it stops every container and ends; docker.sock refuses',
	topology: 'any',
	async break({place, engine}) {
		process.kill(needPrivate(place, engine), 'SIGTERM');
		await until('The end of dockerd', async () => ownDaemon(place) === undefined, 30_000);
	},
	// mend has started it again before it asks any fault
	mend: nothing,
};
