import {docker} from '../project/docker.ts';
import {SERVERS} from '../project/topology.ts';
import {routesOf} from '../tools/cluster.ts';
import {startAll} from '../tools/containers.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The container of one of three servers is gone. */
export const nodeRemoved: Fault = {
	name: 'node-removed',
	summary: 'docker rm -f titan-nats-2: the other two go on, only Compose can make it anew',
	topology: 'cluster',
	async break({engine}) {
		await docker(engine, 'Removing titan-nats-2', 'rm', '-f', 'titan-nats-2');
		await until('A server with one route', async () => (await routesOf(SERVERS[0])) === 1);
	},
	// what is missing is made anew before any fault is undone
	mend: startAll,
};
