import {isStopped} from '../tools/containers.ts';
import {needPrivate} from '../tools/engine.ts';
import {nothing} from '../tools/nothing.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The engine stands still; what it started goes on. */
export const engineHung: Fault = {
	name: 'engine-hung',
	summary: 'SIGSTOP of dockerd: docker.sock accepts and never answers; NATS and the services go on',
	topology: 'any',
	async break({place, engine}) {
		const pid = needPrivate(place, engine);
		process.kill(pid, 'SIGSTOP');
		await until('A dockerd that stands still', async () => isStopped(pid));
	},
	// mend has let it go on before it asks any fault
	mend: nothing,
};
