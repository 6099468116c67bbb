import {containerState, docker, NETWORK} from '../project/docker.ts';
import type {Fault} from './fault.ts';
import {needRunning} from './tools.ts';

const NAME = 'titan-execution';

/** The consuming service is cut off from the network; its published port refuses, too. */
export const executionPartitioned: Fault = {
	name: 'execution-partitioned',
	summary: 'titan-execution is disconnected from the network; port 8081 refuses and lag grows',
	async break(scene) {
		await needRunning(scene, NAME);
		await docker(scene.engine, `Disconnecting ${NAME}`, 'network', 'disconnect', NETWORK, NAME);
	},
	async mend({engine, progress}) {
		const {status, networks} = await containerState(engine, NAME);
		if (status === 'missing' || networks.includes(NETWORK)) return;
		progress(`reconnecting ${NAME}`);
		// Compose's alias is the service's name; without it other containers would not find the service any more
		await docker(engine, `Reconnecting ${NAME}`, 'network', 'connect', '--alias', NAME, NETWORK, NAME);
	},
};
