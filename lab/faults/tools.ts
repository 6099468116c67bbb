import {freezeOne, thawAll} from '../engine/freezer.ts';
import {type CONTAINERS, containerState, docker} from '../project/docker.ts';
import {LabError, lastLines, run} from '../run.ts';
import type {Scene} from './fault.ts';

type Container = (typeof CONTAINERS)[number];

/** Starts a container that exists and does not run. */
export async function startIfDown({engine, progress}: Scene, name: Container): Promise<void> {
	const {status} = await containerState(engine, name);
	if (!['exited', 'created', 'dead'].includes(status)) return;
	progress(`starting ${name}`);
	await docker(engine, `Starting ${name}`, 'start', name);
}

/**
 * Sends a signal to a service from inside its container. (`docker kill -s` would do too, but the engine takes it for
 * a stop by hand, and the restart policy would not apply any more.)
 */
export async function signalService(
	{engine}: Scene,
	name: Container,
	signal: 'USR1' | 'USR2',
): Promise<void> {
	await docker(engine, `Signalling ${name}`, 'exec', name, 'kill', `-${signal}`, '1');
}

/** @throws LabError unless the container runs: a fault on a service that is down would not be seen */
export async function needRunning({engine}: Scene, name: Container): Promise<void> {
	const {status} = await containerState(engine, name);
	if (status !== 'running')
		throw new LabError(
			`${name} is ${status}, so this fault cannot be made: run "npm run lab -- mend" first.`,
		);
}

const UNPAUSE_MS = 4000;

/**
 * Unpauses a container, also where the engine has locked itself up over it.
 * @throws LabError with docker's own words when even that does not help
 */
export async function unpause({place, engine, progress}: Scene, name: Container): Promise<void> {
	progress(`unpausing ${name}`);
	const attempt = () => run('docker', ['unpause', name], {env: engine.env, timeoutMs: UNPAUSE_MS});
	let done = await attempt();
	if (done.code !== 0 && engine.kind === 'private') {
		thawAll(place);
		done = await attempt();
		if (/container not paused/.test(done.stderr)) {
			const id = await docker(engine, `Looking up ${name}`, 'inspect', '-f', '{{.Id}}', name);
			freezeOne(place, id);
			done = await attempt();
		}
	}
	// the first call may have got through late: then there was nothing left to do for the next one
	if (done.code === 0 || /is not paused/.test(done.stderr)) return;
	throw new LabError(
		`Unpausing ${name} failed: ${lastLines(done.stderr || 'the engine does not answer', 2)}. Restart it with "docker restart ${name}".`,
	);
}
