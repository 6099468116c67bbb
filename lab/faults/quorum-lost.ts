import {docker} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** Two of three servers are down. */
export const quorumLost: Fault = {
	name: 'quorum-lost',
	summary:
		'docker stop titan-nats-2 and titan-nats-3: no leader, nothing is stored, healthz of titan-nats is 503',
	topology: 'cluster',
	async break({engine}) {
		await docker(engine, 'Stopping two servers', 'stop', 'titan-nats-2', 'titan-nats-3');
		await until(
			'A server without a quorum',
			async () => (await page(8222, '/healthz')).status === 503,
			30_000,
		);
	},
	mend: startAll,
};
