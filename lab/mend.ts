import {thawAll} from './engine/freezer.ts';
import type {Engine} from './engine/types.ts';
import {executionPartitioned} from './faults/execution-partitioned.ts';
import type {Scene} from './faults/fault.ts';
import {FAULTS} from './faults/table.ts';
import {startIfDown, unpause} from './faults/tools.ts';
import type {Place} from './place.ts';
import type {Progress} from './progress.ts';
import {composeUp} from './project/compose.ts';
import {type ContainerState, containerStates, docker, removeLeftLock} from './project/docker.ts';
import {waitHealthy} from './project/healthy.ts';

/** Longer than every single fault takes to mend, in milliseconds. */
const patienceMs = 6000;

/**
 * Brings the project to its healthy state from any other: unpauses, reconnects, creates what is missing, starts what is
 * down, undoes every fault, and waits for the deployment to be healthy.
 * @param always run Compose even when no container is missing, so that changed images and settings take hold
 * @throws LabError with what could not be mended
 */
export async function restoreProject(
	place: Place,
	engine: Engine,
	progress: Progress,
	always: boolean,
): Promise<void> {
	const scene: Scene = {place, engine, progress};
	const states = await statesFromAny(place, engine);
	await removeLeftLock(engine);
	for (const {name} of states.filter((state) => state.status === 'paused')) await unpause(scene, name);
	if (states.some((state) => state.networks.length > 0)) await executionPartitioned.mend(scene);
	if (always || states.some((state) => state.status === 'missing')) {
		if (states.some((state) => state.status !== 'running')) progress('starting the project titan');
		await composeUp(place, engine);
	}
	for (const fault of FAULTS) await fault.mend(scene);
	// Whatever else was stopped by hand. Not by Compose: it gives up on a server that is unhealthy this very moment.
	for (const {name} of states) await startIfDown(scene, name);
	if (always || (await isHealthyWithin(engine, progress, patienceMs))) {
		await waitHealthy(engine, progress);
		return;
	}
	// A service that was cut off, stalled and frozen at once can stay lost. What a person does then is to restart it.
	const services = states.map(({name}) => name).filter((name) => name !== 'titan-nats');
	progress('restarting the services');
	await docker(engine, 'Restarting the services', 'restart', ...services);
	await waitHealthy(engine, progress);
}

async function isHealthyWithin(engine: Engine, progress: Progress, timeoutMs: number): Promise<boolean> {
	try {
		await waitHealthy(engine, progress, timeoutMs);
		return true;
	} catch {
		return false;
	}
}

/** The containers' states, also from an engine that has locked itself up over a paused container. */
async function statesFromAny(place: Place, engine: Engine): Promise<ContainerState[]> {
	try {
		return await containerStates(engine);
	} catch (error) {
		if (engine.kind !== 'private') throw error;
		thawAll(place);
		return containerStates(engine);
	}
}
