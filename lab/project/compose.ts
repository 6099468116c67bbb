import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Engine} from '../engine/types.ts';
import {imagesOf} from '../images/prepare.ts';
import {COMPOSE_FILE, type Place, PROJECT} from '../place.ts';
import {must} from '../run.ts';
import {removeLeftLock} from './docker.ts';

/** The variables that name the images for the compose file. */
export function imageVariables(engine: Engine): Record<string, string> {
	return {TITAN_NATS_IMAGE: imagesOf(engine).nats};
}

/**
 * The file with the image variables. Compose notes its path in the containers' labels, so that a console
 * that only knows the labels can run the same project again.
 */
export const envFile = (place: Place): string => join(place.base, `${place.name}.env`);

/**
 * Creates and starts what is missing of the project; what runs stays as it is.
 * @throws LabError with Compose's own words
 */
export async function composeUp(place: Place, engine: Engine): Promise<void> {
	writeEnvFile(place, engine);
	await compose(place, engine, 'Starting the project titan', [
		'up',
		'-d',
		'--quiet-pull',
		'--remove-orphans',
	]);
}

/** Removes the project's containers, networks and volumes. @throws LabError with Compose's own words */
export async function composeDown(place: Place, engine: Engine): Promise<void> {
	writeEnvFile(place, engine);
	await removeLeftLock(engine);
	await compose(place, engine, 'Removing the project titan', [
		'down',
		'-v',
		'--remove-orphans',
		'--timeout',
		'3',
	]);
}

function compose(place: Place, engine: Engine, what: string, args: string[]): Promise<string> {
	const head = [
		'compose',
		'-p',
		PROJECT,
		'-f',
		COMPOSE_FILE,
		'--env-file',
		envFile(place),
		'--progress',
		'quiet',
	];
	return must(what, 'docker', [...head, ...args], {
		env: {...engine.env, ...imageVariables(engine)},
		timeoutMs: 60_000,
	});
}

function writeEnvFile(place: Place, engine: Engine): void {
	mkdirSync(place.base, {recursive: true});
	const lines = Object.entries(imageVariables(engine)).map(([name, value]) => `${name}=${value}\n`);
	writeFileSync(envFile(place), lines.join(''));
}
