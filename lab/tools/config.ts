import type {Scene} from '../faults/fault.ts';
import {addToConf, writeConf} from '../project/conf.ts';
import {containerStates, docker} from '../project/docker.ts';
import {serversOf} from '../project/topology.ts';
import {needRunning, restart} from './containers.ts';
import {page, until} from './wait.ts';

const SERVER = 'titan-nats';

/** Adds lines to the server's configuration and makes it read them anew, without a restart. */
export async function reloadWith(scene: Scene, lines: string): Promise<void> {
	await needRunning(scene, SERVER);
	const before = await loadedAt();
	addToConf(scene.place, lines);
	await docker(scene.engine, `Reloading ${SERVER}`, 'exec', SERVER, 'kill', '-HUP', '1');
	await until(`The new configuration of ${SERVER}`, async () => (await loadedAt()) !== before);
}

/** Adds lines to the server's configuration and restarts it. */
export async function restartWith(scene: Scene, lines: string): Promise<void> {
	await needRunning(scene, SERVER);
	addToConf(scene.place, lines);
	await restart(scene, SERVER);
}

/** Writes the servers' configuration anew where a fault has changed it, and restarts them then. */
export async function restoreConfig(scene: Scene): Promise<void> {
	if (!writeConf(scene.place)) return;
	const names = serversOf(scene.place).map(({name}) => name);
	for (const {name, status} of await containerStates(scene.engine, names)) {
		if (!['running', 'restarting'].includes(status)) continue;
		scene.progress(`restarting ${name} with its own configuration`);
		await restart(scene, name);
	}
}

async function loadedAt(): Promise<string> {
	const {text} = await page(8222, '/varz');
	return String((JSON.parse(text) as {config_load_time: string}).config_load_time);
}
