import type {Engine} from '../engine/types.ts';
import {PROJECT} from '../place.ts';
import {LabError, lastLines, must, run} from '../run.ts';

/** The five containers, in the order they depend on each other. */
export const CONTAINERS = [
	'titan-nats',
	'titan-brain',
	'titan-execution',
	'titan-scavenger',
	'titan-sentinel',
] as const;

/** The Compose network of the project. */
export const NETWORK = `${PROJECT}_titan`;

/** What the engine says about one container. */
export type ContainerState = {
	name: (typeof CONTAINERS)[number];
	/** created, running, paused, restarting, exited, dead; `missing` when there is no such container. */
	status: string;
	/** healthy, unhealthy, starting; an empty text for a container without a health check. */
	health: string;
	/** The process id on the engine's machine; 0 while it does not run. */
	pid: number;
	networks: string[];
	restarts: number;
};

const INSPECT_MS = 5000;

type Inspected = {
	Name: string;
	RestartCount: number;
	State: {Status: string; Pid: number; Health?: {Status: string}};
	NetworkSettings: {Networks: Record<string, unknown> | null};
};

/** Runs a docker command that has to succeed. @throws LabError with `what` and docker's own words */
export function docker(engine: Engine, what: string, ...args: string[]): Promise<string> {
	return must(what, 'docker', args, {env: engine.env, timeoutMs: 60_000});
}

/**
 * The state of the project's containers, one entry for each of the five.
 * @throws LabError when the engine does not answer within 5 s
 */
export async function containerStates(engine: Engine): Promise<ContainerState[]> {
	// inspect prints what it finds and fails for the rest: a missing container is an answer, not an error
	const found = await run('docker', ['container', 'inspect', ...CONTAINERS], {
		env: engine.env,
		timeoutMs: INSPECT_MS,
	});
	if (found.stdout.trim() === '') {
		throw new LabError(`The engine does not tell the containers' state: ${lastLines(found.stderr, 2)}.`);
	}
	const list = JSON.parse(found.stdout) as Inspected[];
	return CONTAINERS.map((name) => {
		const one = list.find((entry) => entry.Name === `/${name}`);
		return {
			name,
			status: one?.State.Status ?? 'missing',
			health: one?.State.Health?.Status ?? '',
			pid: one?.State.Pid ?? 0,
			networks: Object.keys(one?.NetworkSettings.Networks ?? {}),
			restarts: one?.RestartCount ?? 0,
		};
	});
}

/**
 * Removes the container by which a run of jetmedic had the project, where a killed run left it: it is no container of
 * the project's, so Compose would leave it.
 */
export async function removeLeftLock(engine: Engine): Promise<void> {
	// Nothing to remove is the usual case; an engine that refuses shows in what comes after.
	await run('docker', ['rm', '--force', '--volumes', `jetmedic-run-${PROJECT}`], {
		env: engine.env,
		timeoutMs: INSPECT_MS,
	});
}

/** The state of one container. */
export async function containerState(
	engine: Engine,
	name: (typeof CONTAINERS)[number],
): Promise<ContainerState> {
	const state = (await containerStates(engine)).find((entry) => entry.name === name);
	if (!state) throw new Error(`${name} is not among the containers asked for`);
	return state;
}
