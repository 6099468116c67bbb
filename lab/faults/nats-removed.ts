import {docker} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import type {Fault} from './fault.ts';

/** The server's container is gone; its volume is still there. */
export const natsRemoved: Fault = {
	name: 'nats-removed',
	summary: 'docker rm -f titan-nats; only Compose can make it anew, the data is still in its volume',
	topology: 'any',
	async break({engine}) {
		await docker(engine, 'Removing titan-nats', 'rm', '-f', 'titan-nats');
	},
	// what is missing is made anew before any fault is undone
	mend: startAll,
};
