import {containerState} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import {turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const NAME = 'titan-execution';

/** The consuming service asks for more memory than it may have. */
export const executionOom: Fault = {
	name: 'execution-oom',
	summary:
		'titan-execution grows past its 256 MiB: the kernel kills it (event oom), its restart policy starts it',
	topology: 'any',
	async break(scene) {
		const before = await containerState(scene.engine, NAME);
		await turnOn(scene, NAME, 'memory-over');
		await until(`The death of ${NAME}`, async () => {
			const {restarts, status} = await containerState(scene.engine, NAME);
			return restarts > before.restarts || status === 'exited';
		});
	},
	mend: startAll,
};
