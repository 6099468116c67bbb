import {docker} from '../project/docker.ts';
import {SERVERS} from '../project/topology.ts';
import {routesOf} from '../tools/cluster.ts';
import {startAll} from '../tools/containers.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** One of three servers is down. */
export const nodeDown: Fault = {
	name: 'node-down',
	summary: 'docker stop titan-nats-3: the other two go on, every replica on it is offline',
	topology: 'cluster',
	async break({engine}) {
		await docker(engine, 'Stopping titan-nats-3', 'stop', 'titan-nats-3');
		await until('A server with one route', async () => (await routesOf(SERVERS[0])) === 1);
	},
	mend: startAll,
};
