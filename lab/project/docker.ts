import type {Engine} from '../engine/types.ts';
import {PROJECT} from '../place.ts';
import {LabError, lastLines, must, run} from '../run.ts';
import type {Container} from './topology.ts';

/** The Compose network of the project. */
export const NETWORK = `${PROJECT}_titan`;

/** What the engine says about one container. */
export type ContainerState = {
	name: Container;
	/** The whole id; empty for a missing container. */
	id: string;
	/** created, running, paused, restarting, exited, dead; `missing` when there is no such container. */
	status: string;
	/** healthy, unhealthy, starting; an empty text for a container without a health check. */
	health: string;
	/** The process id on the engine's machine; 0 while it does not run. */
	pid: number;
	networks: string[];
	/** Its addresses in these networks. */
	addresses: string[];
	restarts: number;
	/** In bytes; 0 for no limit. */
	memoryLimit: number;
};

const INSPECT_MS = 5000;

type Inspected = {
	Id: string;
	Name: string;
	RestartCount: number;
	HostConfig: {Memory: number};
	State: {Status: string; Pid: number; Health?: {Status: string}};
	NetworkSettings: {Networks: Record<string, {IPAddress: string}> | null};
};

/** Runs a docker command that has to succeed. @throws LabError with `what` and docker's own words */
export function docker(engine: Engine, what: string, ...args: string[]): Promise<string> {
	return must(what, 'docker', args, {env: engine.env, timeoutMs: 60_000});
}

/**
 * The state of the named containers, one entry for each.
 * @throws LabError when the engine does not answer within 5 s
 */
export async function containerStates(
	engine: Engine,
	names: readonly Container[],
): Promise<ContainerState[]> {
	// inspect prints what it finds and fails for the rest: a missing container is an answer, not an error
	const found = await run('docker', ['container', 'inspect', ...names], {
		env: engine.env,
		timeoutMs: INSPECT_MS,
	});
	if (found.stdout.trim() === '') {
		throw new LabError(`The engine does not tell the containers' state: ${lastLines(found.stderr, 2)}.`);
	}
	const list = JSON.parse(found.stdout) as Inspected[];
	return names.map((name) => {
		const one = list.find((entry) => entry.Name === `/${name}`);
		return {
			name,
			id: one?.Id ?? '',
			status: one?.State.Status ?? 'missing',
			health: one?.State.Health?.Status ?? '',
			pid: one?.State.Pid ?? 0,
			networks: Object.keys(one?.NetworkSettings.Networks ?? {}),
			addresses: Object.values(one?.NetworkSettings.Networks ?? {}).map(({IPAddress}) => IPAddress),
			restarts: one?.RestartCount ?? 0,
			memoryLimit: one?.HostConfig.Memory ?? 0,
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

/** The state of one container. @throws LabError when the engine does not answer within 5 s */
export async function containerState(engine: Engine, name: Container): Promise<ContainerState> {
	const [state] = await containerStates(engine, [name]);
	if (!state) throw new Error(`${name} is not among the containers asked for`);
	return state;
}
