import {containerState} from '../project/docker.ts';
import {signalFromHost, startAll} from '../tools/containers.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server's process is killed from outside, as the kernel's OOM killer would. */
export const natsKilled: Fault = {
	name: 'nats-killed',
	summary: 'kill -9 of the NATS server from the host; its restart policy brings it back within 2 s',
	topology: 'any',
	async break(scene) {
		const before = await containerState(scene.engine, 'titan-nats');
		await signalFromHost(scene, 'titan-nats', 'KILL');
		await until('The death of titan-nats', async () => {
			const {pid, restarts} = await containerState(scene.engine, 'titan-nats');
			return pid !== before.pid || restarts > before.restarts;
		});
	},
	mend: startAll,
};
