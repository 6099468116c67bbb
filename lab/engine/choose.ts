import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import {refuseTakenPorts} from '../project/ports.ts';
import {LabError} from '../run.ts';
import {findForeign, noteForeign, officialImages, refuseForeignProject, usesForeign} from './foreign.ts';
import {findPrivate, privateObstacle, revivePrivate, startPrivate} from './private.ts';
import type {Engine} from './types.ts';

/** The engine this lab instance is running on now, or undefined when it is not up. Starts nothing. */
export async function currentEngine(place: Place): Promise<Engine | undefined> {
	const own = await findPrivate(place);
	if (own) return own;
	return usesForeign(place) && !place.isolated ? findForeign(place) : undefined;
}

/**
 * Like `currentEngine`, for commands that need a lab.
 * @throws LabError when the lab is not up
 */
export async function neededEngine(place: Place): Promise<Engine> {
	const engine = await currentEngine(place);
	if (engine) return engine;
	const name = place.name === 'default' ? '' : ` --name ${place.name}`;
	throw new LabError(`The lab "${place.name}" is not up: run "npm run lab -- up${name}" first.`);
}

/**
 * Like `neededEngine`, and starts a private engine again that a fault has stopped.
 * @throws LabError when the lab is not up
 */
export async function revivedEngine(place: Place, progress: Progress): Promise<Engine> {
	return (await currentEngine(place)) ?? (await revivePrivate(place, progress)) ?? neededEngine(place);
}

/**
 * Finds or starts the engine for this lab instance: its private engine when that runs, else the machine's own engine
 * when Compose v2 and the official images are at hand, else a private one.
 * @throws LabError when neither can be had, or when the machine's engine runs a foreign project of the same name
 */
export async function obtainEngine(place: Place, progress: Progress): Promise<Engine> {
	const own = (await findPrivate(place)) ?? (await revivePrivate(place, progress));
	if (own) return own;
	const foreign = place.isolated ? undefined : await findForeign(place);
	const obstacle = privateObstacle(place);
	if (foreign) {
		await refuseForeignProject();
		if (await officialImages(progress)) {
			noteForeign(place, true);
			return foreign;
		}
		if (obstacle) {
			throw new LabError(
				`The images nats:2-alpine and node:24-alpine are neither here nor can they be pulled, and a private engine is not possible because ${obstacle}: pull them where the network allows it.`,
			);
		}
		progress('the official images cannot be pulled: taking a private engine instead');
	} else if (obstacle) {
		const wish = place.isolated
			? 'An isolated lab needs a private engine'
			: 'No Docker engine with Compose v2 answers';
		throw new LabError(
			`${wish}, and a private one is not possible because ${obstacle}: start Docker with the Compose plugin, or run this as root on a Debian machine.`,
		);
	}
	noteForeign(place, false);
	// before an engine is started in vain; inside a namespace of its own every port is free
	if (!place.isolated) await refuseTakenPorts(place, []);
	return startPrivate(place, progress);
}
