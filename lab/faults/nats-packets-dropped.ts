import {dropNothing, dropPackets, halvesOfNetwork} from '../tools/network.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** Nothing that the server sends leaves its container: no refusal and no end of a connection either. */
export const natsPacketsDropped: Fault = {
	name: 'nats-packets-dropped',
	summary: 'every packet that titan-nats sends is dropped: its container is healthy, connections time out',
	topology: 'any',
	early: true,
	async break(scene) {
		await dropPackets(scene, 'titan-nats', await halvesOfNetwork(scene));
		await until('A silent server', async () => (await page(8222, '/healthz')).status === 0);
	},
	mend: dropNothing,
};
