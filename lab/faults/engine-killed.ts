import {ownDaemon} from '../engine/leftovers.ts';
import {needPrivate} from '../tools/engine.ts';
import {nothing} from '../tools/nothing.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The engine dies, and its containers live on without it. */
export const engineKilled: Fault = {
	name: 'engine-killed',
	summary: 'SIGKILL of dockerd: docker.sock refuses, published ports refuse, the containers run on unseen',
	topology: 'any',
	async break({place, engine}) {
		process.kill(needPrivate(place, engine), 'SIGKILL');
		await until('The end of dockerd', async () => ownDaemon(place) === undefined);
	},
	// mend has started it again before it asks any fault
	mend: nothing,
};
