import {spawn} from 'node:child_process';
import {delimiter, join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {currentEngine, neededEngine, obtainEngine, revivedEngine} from './engine/choose.ts';
import {noteForeign, usesForeign} from './engine/foreign.ts';
import {thawAll} from './engine/freezer.ts';
import {LOCK_HELD, locked} from './engine/lock.ts';
import {enterCommand} from './engine/netns.ts';
import {stopPrivate} from './engine/private.ts';
import type {Engine} from './engine/types.ts';
import type {Fault} from './faults/fault.ts';
import {faultNamed} from './faults/table.ts';
import {prepareImages} from './images/prepare.ts';
import {restoreProject} from './mend.ts';
import {type LabOptions, type Place, placeOf, ROOT} from './place.ts';
import {type Progress, quiet, startOfRun} from './progress.ts';
import {composeDown, composeVariables, envFile, removeFiles} from './project/compose.ts';
import {containerStates} from './project/docker.ts';
import {refuseTakenPorts} from './project/ports.ts';
import {statusText} from './project/status.ts';
import {
	composeFilesOf,
	containersOf,
	natsUrl,
	noteTopology,
	serversOf,
	type Topology,
	topologyOf,
} from './project/topology.ts';
import {LabError} from './run.ts';
import {releaseDisk} from './tools/disk.ts';

export type {LabOptions} from './place.ts';
export type {Progress} from './progress.ts';

/**
 * Brings the lab up and waits until it is healthy; heals what is missing when it is up already. A project of the other
 * form is removed first; without a form it stays what it is.
 * @throws LabError saying what could not be had and what to do
 */
export async function labUp(
	options: LabOptions & {topology?: Topology | undefined} = {},
	onProgress: Progress = quiet,
): Promise<void> {
	const place = placeOf(options);
	const topology = options.topology ?? topologyOf(place);
	await locked(place, async () => {
		const engine = await obtainEngine(place, onProgress);
		if (await delegated(place, ['up', `--${topology}`], onProgress)) return;
		onProgress(engine.label);
		if (topology !== topologyOf(place)) {
			await removeProject(place, engine, onProgress);
			noteTopology(place, topology);
		}
		await Promise.all([
			prepareImages(place, engine, onProgress),
			containerStates(engine, containersOf(place)).then((states) => refuseTakenPorts(place, states)),
		]);
		await restoreProject(place, engine, onProgress, true);
		const nats = serversOf(place).map(({port, monitor}) => `:${port} and :${monitor}`);
		onProgress(`healthy: brain :3100, execution :8081, sentinel :3002, NATS ${nats.join(', ')}`);
	});
}

/** Removes the project with its volumes and stops the private engine; a foreign engine stays. Never fails for a lab that is not up. */
export async function labDown(options: LabOptions = {}, onProgress: Progress = quiet): Promise<void> {
	const place = placeOf(options);
	await locked(place, async () => {
		const engine = await currentEngine(place);
		if (engine) {
			try {
				await removeProject(place, engine, onProgress);
			} catch (error) {
				// a private engine takes everything with it in a moment; on a foreign one the project would stay
				if (engine.kind === 'foreign') throw error;
				onProgress((error as Error).message);
			}
		} else if (usesForeign(place)) {
			throw new LabError(
				'The Docker engine the lab was started on does not answer: start it, then run "npm run lab -- down" again.',
			);
		}
		noteForeign(place, false);
		await stopPrivate(place, onProgress);
		removeFiles(place);
		noteTopology(place, 'single');
		onProgress(`the lab "${place.name}" is down`);
	});
}

async function removeProject(place: Place, engine: Engine, onProgress: Progress): Promise<void> {
	onProgress('removing the project titan');
	if (engine.kind === 'private') thawAll(place);
	await releaseDisk(engine);
	await composeDown(place, engine);
}

/**
 * The variables with which docker, compose, jetmedic and the tests reach the lab (a whole PATH among them).
 * @throws LabError when the lab is not up
 */
export async function labEnv(options: LabOptions = {}): Promise<Record<string, string>> {
	const place = placeOf(options);
	return environment(place, await neededEngine(place));
}

/** Makes a fault happen. @throws LabError when the lab is not up, the fault is unknown or cannot be made */
export async function breakFault(
	name: string,
	options: LabOptions = {},
	onProgress: Progress = quiet,
): Promise<void> {
	const place = placeOf(options);
	const fault = faultNamed(name);
	const engine = await neededEngine(place);
	refuseOtherForm(place, fault);
	if (await delegated(place, ['break', name], onProgress)) return;
	await fault.break({place, engine, progress: onProgress});
	onProgress(`${name} done; "npm run lab -- mend" undoes it`);
}

/** @throws LabError when the fault needs a lab of the other form */
function refuseOtherForm(place: Place, {name, topology}: Fault): void {
	if (topology === 'any' || topology === topologyOf(place)) return;
	throw new LabError(
		topology === 'cluster'
			? `${name} needs three NATS servers and this lab has one: run "npm run lab -- up --cluster" first.`
			: `${name} is a fault of a single NATS server and this lab is a cluster: run "npm run lab -- up --single" first.`,
	);
}

/** Undoes every fault and waits until the deployment is healthy. @throws LabError with what stays wrong */
export async function mend(options: LabOptions = {}, onProgress: Progress = quiet): Promise<void> {
	const place = placeOf(options);
	const engine = await revivedEngine(place, onProgress);
	if (await delegated(place, ['mend'], onProgress)) return;
	await restoreProject(place, engine, onProgress, false);
	onProgress('healthy');
}

/** The lab's state as text. @throws LabError when the lab is not up */
export async function labStatus(options: LabOptions = {}): Promise<string> {
	const place = placeOf(options);
	const engine = await neededEngine(place);
	let text = '';
	if (await delegated(place, ['status'], quiet, (line) => (text += `${line}\n`))) return text;
	return statusText(place, engine);
}

/**
 * The command line and environment with which a program runs in the lab: inside its network namespace if it has one.
 * Brings the lab up first when it is not.
 */
export async function labCommand(
	command: readonly string[],
	options: LabOptions = {},
	onProgress: Progress = quiet,
): Promise<{argv: string[]; env: Record<string, string>}> {
	const place = placeOf(options);
	if (!(await currentEngine(place))) await labUp(options, onProgress);
	return {argv: [...enterCommand(place), ...command], env: await labEnv(options)};
}

function environment(place: Place, engine: Engine): Record<string, string> {
	const path = engine.env['PATH'] ?? process.env['PATH'] ?? '';
	const tools = join(ROOT, 'node_modules', '.bin');
	return {
		...engine.env,
		PATH: path.split(delimiter).includes(tools) ? path : `${path}${delimiter}${tools}`,
		...composeVariables(place, engine),
		COMPOSE_FILE: composeFilesOf(place).join(delimiter),
		COMPOSE_ENV_FILES: envFile(place),
		NATS_URL: natsUrl(place),
		JETMEDIC_LAB_NAME: place.name,
	};
}

/**
 * Runs a lab command inside the instance's network namespace, for everything that talks to the fixed ports.
 * @returns false when there is no namespace to enter: the caller goes on by itself
 * @throws LabError with the last line the inner run wrote when it fails
 */
async function delegated(
	place: Place,
	args: string[],
	onProgress: Progress,
	onOutput: Progress = quiet,
): Promise<boolean> {
	const [program, ...enter] = enterCommand(place);
	if (program === undefined) return false;
	const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
	const child = spawn(
		program,
		[...enter, process.execPath, cli, ...args, '--name', place.name, '--isolated'],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {...process.env, [LOCK_HELD]: place.name, JETMEDIC_LAB_STARTED: String(startOfRun())},
		},
	);
	let last = 'it said nothing';
	createInterface({input: child.stdout}).on('line', onOutput);
	createInterface({input: child.stderr}).on('line', (line) => {
		const progress = /^\[ *[\d.]+ s\] (.*)$/.exec(line)?.[1];
		if (progress !== undefined) onProgress(progress);
		else last = line;
	});
	const code = await new Promise<number>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (status) => resolve(status ?? 255));
	});
	if (code !== 0) throw new LabError(last);
	return true;
}
