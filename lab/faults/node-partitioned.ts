import {containerStates} from '../project/docker.ts';
import {dropNothing, dropPackets} from '../tools/network.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** One server and the others do not hear each other any more; clients reach all of them. */
export const nodePartitioned: Fault = {
	name: 'node-partitioned',
	summary: 'titan-nats-3 and the other servers do not reach each other; its ports still answer, with 503',
	topology: 'cluster',
	early: true,
	async break(scene) {
		const others = await containerStates(scene.engine, ['titan-nats', 'titan-nats-2']);
		await dropPackets(
			scene,
			'titan-nats-3',
			others.flatMap(({addresses}) => addresses),
		);
		// its routes stay open for a long time, and nothing comes through
		await until(
			'A server without a quorum',
			async () => (await page(8224, '/healthz')).status === 503,
			30_000,
		);
	},
	mend: dropNothing,
};
