import {setTimeout as sleep} from 'node:timers/promises';
import {containerState, docker} from '../project/docker.ts';
import type {Fault, Scene} from './fault.ts';
import {needRunning, unpause} from './tools.ts';

/** The server hangs: its port accepts and nothing answers. */
export const natsPaused: Fault = {
	name: 'nats-paused',
	summary: 'docker pause titan-nats; its ports accept connections and nothing answers',
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		await healthCheckOver(scene);
		await docker(scene.engine, 'Pausing titan-nats', 'pause', 'titan-nats');
	},
	async mend(scene) {
		const {status} = await containerState(scene.engine, 'titan-nats');
		if (status === 'paused') await unpause(scene, 'titan-nats');
	},
};

/**
 * Waits until a health check has just ended: a pause in the middle of one can lock the engine up (see freezer.ts).
 * Gives up after two intervals, which only means that the risk is taken.
 */
async function healthCheckOver({engine}: Scene): Promise<void> {
	const last = () =>
		docker(
			engine,
			'Reading the health of titan-nats',
			'inspect',
			'-f',
			'{{with .State.Health}}{{range .Log}}{{.End}} {{end}}{{end}}',
			'titan-nats',
		);
	const before = await last();
	const deadline = Date.now() + 2500;
	while ((await last()) === before && Date.now() < deadline) await sleep(20);
}
