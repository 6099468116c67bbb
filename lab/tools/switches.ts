import {readdirSync} from 'node:fs';
import {basename} from 'node:path';
import type {Scene} from '../faults/fault.ts';
import {containerStates, docker} from '../project/docker.ts';
import {SERVICES, type Service} from '../project/topology.ts';
import {run} from '../run.ts';
import {SWITCHES, type Switch} from '../services/switches.ts';
import {needRunning} from './containers.ts';

/** Turns switches on in a service; it sees them within 0.1 s. */
export async function turnOn(scene: Scene, name: Service, ...switches: Switch[]): Promise<void> {
	await needRunning(scene, name);
	const files = switches.map((one) => `${SWITCHES}/${one}`).join(' ');
	const command = `mkdir -p ${SWITCHES} && touch ${files}`;
	await docker(
		scene.engine,
		`Turning ${switches.join(' and ')} on in ${name}`,
		'exec',
		name,
		'sh',
		'-c',
		command,
	);
}

/** Turns every switch off in every service that runs. */
export async function turnAllOff({engine}: Scene): Promise<void> {
	const running = (await containerStates(engine, SERVICES)).filter(
		({status, pid}) => status === 'running' && mayBeOn(pid),
	);
	await Promise.all(
		running.map(({name}) =>
			// one that ends this very moment has no switch any more
			run('docker', ['exec', name, 'rm', '-rf', SWITCHES], {env: engine.env, timeoutMs: 10_000}),
		),
	);
}

/** False where this machine's root sees that a container has no switch on; a command in it takes far longer. */
function mayBeOn(pid: number): boolean {
	try {
		return readdirSync(`/proc/${pid}/root/tmp`).includes(basename(SWITCHES));
	} catch {
		return true;
	}
}
