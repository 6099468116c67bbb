import {containerState, docker} from '../project/docker.ts';
import {LabError, run} from '../run.ts';
import type {Fault} from './fault.ts';
import {needRunning, startIfDown} from './tools.ts';

/** The server's process is killed from outside, as the kernel's OOM killer would. */
export const natsKilled: Fault = {
	name: 'nats-killed',
	summary: 'kill -9 of the NATS server from the host; its restart policy brings it back within 2 s',
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		const {pid} = await containerState(scene.engine, 'titan-nats');
		if (process.platform !== 'linux')
			throw new LabError('nats-killed needs the engine on this very Linux machine: use nats-stopped.');
		const done = await run('kill', ['-9', String(pid)]);
		if (done.code !== 0)
			throw new LabError(
				`Killing process ${pid} of titan-nats failed: ${done.stderr.trim()}. It needs root.`,
			);
	},
	async mend(scene) {
		// a crash loop's back-off may be under way: a start then is harmless
		const {status} = await containerState(scene.engine, 'titan-nats');
		if (status === 'restarting') await docker(scene.engine, 'Restarting titan-nats', 'restart', 'titan-nats');
		await startIfDown(scene, 'titan-nats');
	},
};
