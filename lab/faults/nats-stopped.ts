import {docker} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import type {Fault} from './fault.ts';

/** Somebody stopped the server and it stays down. */
export const natsStopped: Fault = {
	name: 'nats-stopped',
	summary: 'docker stop titan-nats; it stays down until somebody starts it',
	topology: 'any',
	async break({engine}) {
		await docker(engine, 'Stopping titan-nats', 'stop', 'titan-nats');
	},
	mend: startAll,
};
