import {readFileSync} from 'node:fs';
import {freezeOne, thawAll} from '../engine/freezer.ts';
import type {Scene} from '../faults/fault.ts';
import {composeUp} from '../project/compose.ts';
import {containerState, containerStates, docker} from '../project/docker.ts';
import {type Container, containersOf, serversOf} from '../project/topology.ts';
import {LabError, lastLines, run} from '../run.ts';
import {until} from './wait.ts';

const DOWN = ['exited', 'created', 'dead'];

/** Starts every container that is down; restarts one whose back-off after a crash is under way. */
export async function startAll({place, engine, progress}: Scene): Promise<void> {
	for (const {name, status} of await containerStates(engine, containersOf(place))) {
		if (status !== 'restarting' && !DOWN.includes(status)) continue;
		progress(`starting ${name}`);
		const verb = status === 'restarting' ? 'restart' : 'start';
		await docker(engine, `Starting ${name}`, verb, name);
	}
}

/** Restarts a container, giving it a second to end by itself. */
export async function restart({engine}: Scene, name: Container): Promise<void> {
	await docker(engine, `Restarting ${name}`, 'restart', '-t', '1', name);
}

/** @throws LabError unless the container runs: a fault on a service that is down would not be seen */
export async function needRunning({engine}: Scene, name: Container): Promise<void> {
	const {status} = await containerState(engine, name);
	if (status !== 'running')
		throw new LabError(
			`${name} is ${status}, so this fault cannot be made: run "npm run lab -- mend" first.`,
		);
}

/**
 * Sends a signal to a container's main process from the host. (`docker kill -s` would do too, but the engine takes it
 * for a stop by hand, and the restart policy would not apply any more.)
 * @throws LabError where the process is not one of this machine's, or is not ours to signal
 */
export async function signalFromHost(scene: Scene, name: Container, signal: 'KILL' | 'STOP'): Promise<void> {
	await needRunning(scene, name);
	const {pid} = await containerState(scene.engine, name);
	needLinux('A signal from outside');
	const done = await run('kill', [`-${signal}`, String(pid)]);
	if (done.code !== 0)
		throw new LabError(
			`Sending ${signal} to process ${pid} of ${name} failed: ${done.stderr.trim()}. It needs root.`,
		);
}

/** @throws LabError where the containers' processes, mounts and networks are not this machine's own */
export function needLinux(what: string): void {
	if (process.platform !== 'linux')
		throw new LabError(`${what} needs the engine on this very Linux machine: choose another fault.`);
}

/** Lets every container go on whose process was stopped by a signal. */
export async function continueAll({place, engine}: Scene): Promise<void> {
	for (const {pid} of await containerStates(engine, containersOf(place))) {
		if (pid > 0 && isStopped(pid)) await run('kill', ['-CONT', String(pid)]);
	}
}

/** Whether a process was stopped by a signal. */
export function isStopped(pid: number): boolean {
	try {
		return /^State:\sT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		// it ended meanwhile, or is not on this machine
		return false;
	}
}

const UNPAUSE_MS = 4000;

/** Unpauses every container that is paused. */
export async function unpauseAll(scene: Scene): Promise<void> {
	for (const {name, status} of await containerStates(scene.engine, containersOf(scene.place))) {
		if (status === 'paused') await unpause(scene, name);
	}
}

/**
 * Unpauses a container, also where the engine has locked itself up over it.
 * @throws LabError with docker's own words when even that does not help
 */
async function unpause({place, engine, progress}: Scene, name: Container): Promise<void> {
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

/**
 * Pauses a container right after one of its health checks: a pause in the middle of one can lock the engine up (see
 * freezer.ts).
 */
export async function pause(scene: Scene, name: Container): Promise<void> {
	await needRunning(scene, name);
	const checks = () =>
		docker(
			scene.engine,
			`Reading the health of ${name}`,
			'inspect',
			'-f',
			'{{with .State.Health}}{{range .Log}}{{.End}} {{end}}{{end}}',
			name,
		);
	const before = await checks();
	// without another check in two intervals, the risk is taken
	await until(`A health check of ${name}`, async () => (await checks()) !== before, 2500).catch(
		() => undefined,
	);
	await docker(scene.engine, `Pausing ${name}`, 'pause', name);
}

/** Makes servers anew whose memory limit is not the one of the compose file, which has none for them. */
export async function recreateLimited({place, engine, progress}: Scene): Promise<void> {
	const names = serversOf(place).map(({name}) => name);
	const limited = (await containerStates(engine, names)).filter(({memoryLimit}) => memoryLimit > 0);
	if (limited.length === 0) return;
	progress(`making ${limited.map(({name}) => name).join(', ')} anew without a memory limit`);
	for (const {name} of limited) await docker(engine, `Removing ${name}`, 'rm', '-f', name);
	await composeUp(place, engine, '--no-deps', ...limited.map(({name}) => name));
}
