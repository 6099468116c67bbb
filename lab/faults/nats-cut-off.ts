import {disconnect, reconnectAll} from '../tools/network.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server is taken out of its network; its process runs, and nobody reaches it. */
export const natsCutOff: Fault = {
	name: 'nats-cut-off',
	summary: 'titan-nats is disconnected from the network: it runs, its ports refuse, its name is unknown',
	topology: 'any',
	early: true,
	async break(scene) {
		await disconnect(scene, 'titan-nats');
		await until('A server out of reach', async () => (await page(8222, '/healthz')).status === 0);
	},
	mend: reconnectAll,
};
