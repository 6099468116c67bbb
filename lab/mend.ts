import {thawAll} from './engine/freezer.ts';
import type {Engine} from './engine/types.ts';
import type {Fault, Scene} from './faults/fault.ts';
import {FAULTS} from './faults/table.ts';
import type {Place} from './place.ts';
import type {Progress} from './progress.ts';
import {composeUp} from './project/compose.ts';
import {type ContainerState, containerStates, docker, removeLeftLock} from './project/docker.ts';
import {waitHealthy} from './project/healthy.ts';
import {type Container, containersOf, SERVICES, serversOf, topologyOf} from './project/topology.ts';
import {startAll} from './tools/containers.ts';
import {page, until} from './tools/wait.ts';

/** Longer than every single fault takes to mend, in milliseconds. */
const patienceMs = 10_000;
/** How long a server that Compose has just made may take to be healthy, in milliseconds. */
const serverMs = 15_000;

/**
 * Brings the project to its healthy state from any other: undoes every fault, creates what is missing, starts what is
 * down, and waits for the deployment to be healthy.
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
	const faults = FAULTS.filter(({topology}) => topology === 'any' || topology === topologyOf(place));
	await statesFromAny(place, engine);
	await removeLeftLock(engine);
	await undo(
		scene,
		faults.filter(({early}) => early),
	);
	const states = await containerStates(engine, containersOf(place));
	if (always || states.some(({status}) => status === 'missing')) {
		if (states.some(({status}) => status !== 'running')) progress('starting the project titan');
		await composeUpServersFirst(scene);
	}
	await startAll(scene);
	await undo(
		scene,
		faults.filter(({early}) => !early),
	);
	if (always || (await isHealthyWithin(scene, patienceMs))) {
		await waitHealthy(place, engine, progress);
		return;
	}
	// A service that was cut off, stalled and frozen at once can stay lost, and a server that says what is wrong with it
	// says so until it is started again. What a person does then is to restart it.
	const servers = await unwell(place);
	progress(`restarting ${[...servers, 'the services'].join(', ')}`);
	await docker(engine, 'Restarting what is not well', 'restart', ...servers, ...SERVICES);
	await waitHealthy(place, engine, progress);
}

/** Undoes faults in the table's order; a way of undoing that several share runs once. */
async function undo(scene: Scene, faults: readonly Fault[]): Promise<void> {
	for (const mend of new Set(faults.map((fault) => fault.mend))) await mend(scene);
}

/** Compose gives up on a server that is unhealthy this very moment: the servers first, and without what needs them. */
async function composeUpServersFirst({place, engine}: Scene): Promise<void> {
	const servers = serversOf(place).map(({name}) => name);
	await composeUp(place, engine, '--no-deps', ...servers);
	await until(
		'A healthy NATS server',
		async () => (await containerStates(engine, servers)).every(({health}) => health === 'healthy'),
		serverMs,
	);
	await composeUp(place, engine);
}

/** The servers that do not say that they are well. */
async function unwell(place: Place): Promise<Container[]> {
	const asked = await Promise.all(
		serversOf(place).map(async ({name, monitor}) => ({name, ...(await page(monitor, '/healthz', 2000))})),
	);
	return asked.filter(({status}) => status !== 200).map(({name}) => name);
}

async function isHealthyWithin({place, engine, progress}: Scene, timeoutMs: number): Promise<boolean> {
	try {
		await waitHealthy(place, engine, progress, timeoutMs);
		return true;
	} catch {
		return false;
	}
}

/** The containers' states, also from an engine that has locked itself up over a paused container. */
async function statesFromAny(place: Place, engine: Engine): Promise<ContainerState[]> {
	try {
		return await containerStates(engine, containersOf(place));
	} catch (error) {
		if (engine.kind !== 'private') throw error;
		thawAll(place);
		return containerStates(engine, containersOf(place));
	}
}
