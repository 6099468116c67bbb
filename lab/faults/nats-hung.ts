import {containerState} from '../project/docker.ts';
import {continueAll, isStopped, signalFromHost} from '../tools/containers.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server's process stands still, and the engine knows nothing of it but the failing health check. */
export const natsHung: Fault = {
	name: 'nats-hung',
	summary: 'SIGSTOP of the NATS server; its container runs, its ports accept, nothing answers',
	topology: 'any',
	early: true,
	async break(scene) {
		const {pid} = await containerState(scene.engine, 'titan-nats');
		await signalFromHost(scene, 'titan-nats', 'STOP');
		await until('A server that stands still', async () => isStopped(pid));
		await until('A silent server', async () => (await page(8222, '/healthz', 300)).status === 0);
	},
	mend: continueAll,
};
