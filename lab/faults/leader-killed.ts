import {containerState} from '../project/docker.ts';
import {streamLeader} from '../tools/cluster.ts';
import {signalFromHost, startAll} from '../tools/containers.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server that leads the stream is killed; another one takes over. */
export const leaderKilled: Fault = {
	name: 'leader-killed',
	summary:
		'kill -9 of the server that leads TITAN_INTENTS: seconds of failed publishes, then another one leads',
	topology: 'cluster',
	async break(scene) {
		const {name} = await streamLeader(scene);
		const before = await containerState(scene.engine, name);
		await signalFromHost(scene, name, 'KILL');
		await until(`The death of ${name}`, async () => {
			const {pid, restarts} = await containerState(scene.engine, name);
			return pid !== before.pid || restarts > before.restarts;
		});
	},
	mend: startAll,
};
