import {containerState, docker} from '../project/docker.ts';
import {needRunning, recreateLimited} from '../tools/containers.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The least that the engine allows; the server comes as far as answering, at times. */
const LIMIT = '6m';

/** The kernel kills the server at each start, because its container may have too little memory. */
export const natsOom: Fault = {
	name: 'nats-oom',
	summary:
		'a memory limit of 6 MiB on titan-nats: the kernel kills it after each start (OOMKilled, code 137)',
	topology: 'single',
	early: true,
	async break({engine, ...scene}) {
		await needRunning({engine, ...scene}, 'titan-nats');
		await docker(engine, 'Stopping titan-nats', 'stop', '-t', '2', 'titan-nats');
		await docker(
			engine,
			'Limiting titan-nats',
			'update',
			'--memory',
			LIMIT,
			'--memory-swap',
			LIMIT,
			'titan-nats',
		);
		// docker reports a container that is killed while it starts as a failure to start it
		await docker(engine, 'Starting titan-nats', 'start', 'titan-nats').catch(() => undefined);
		await until('An OOM kill of titan-nats', async () => {
			const killed = await docker(
				engine,
				'Reading titan-nats',
				'inspect',
				'-f',
				'{{.State.OOMKilled}}',
				'titan-nats',
			);
			return killed === 'true' && (await containerState(engine, 'titan-nats')).restarts >= 1;
		});
	},
	mend: recreateLimited,
};
