import {pause, unpauseAll} from '../tools/containers.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** One of three servers is frozen: its connections stay, and nothing comes from it. */
export const nodeFrozen: Fault = {
	name: 'node-frozen',
	summary: 'docker pause titan-nats-3: its ports accept, nothing answers, its replicas fall behind',
	topology: 'cluster',
	early: true,
	async break(scene) {
		await pause(scene, 'titan-nats-3');
		await until('A silent server', async () => (await page(8224, '/healthz', 300)).status === 0);
	},
	mend: unpauseAll,
};
