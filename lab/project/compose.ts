import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Engine} from '../engine/types.ts';
import {imagesOf} from '../images/prepare.ts';
import {type Place, PROJECT} from '../place.ts';
import {must} from '../run.ts';
import {confFolder, removeConf, writeConf} from './conf.ts';
import {removeLeftLock} from './docker.ts';
import {composeFilesOf} from './topology.ts';

/** The variables of the compose files: the image of NATS, and the folder with the servers' configuration. */
export function composeVariables(place: Place, engine: Engine): Record<string, string> {
	return {TITAN_NATS_IMAGE: imagesOf(engine).nats, TITAN_NATS_CONF: confFolder(place)};
}

/**
 * The file with the variables. Compose notes its path in the containers' labels, so that a console
 * that only knows the labels can run the same project again.
 */
export const envFile = (place: Place): string => join(place.base, `${place.name}.env`);

/**
 * Creates and starts what is missing of the project; what runs stays as it is.
 * @param more further arguments of `docker compose up`, services among them
 * @throws LabError with Compose's own words
 */
export async function composeUp(place: Place, engine: Engine, ...more: string[]): Promise<void> {
	writeFiles(place, engine);
	await compose(place, engine, 'Starting the project titan', [
		'up',
		'-d',
		'--quiet-pull',
		'--remove-orphans',
		...more,
	]);
}

/** Removes the project's containers, networks and volumes. @throws LabError with Compose's own words */
export async function composeDown(place: Place, engine: Engine): Promise<void> {
	writeFiles(place, engine);
	await removeLeftLock(engine);
	await compose(place, engine, 'Removing the project titan', [
		'down',
		'-v',
		'--remove-orphans',
		'--timeout',
		'3',
	]);
}

/** Removes the files that were written for Compose. */
export function removeFiles(place: Place): void {
	rmSync(envFile(place), {force: true});
	removeConf(place);
}

function compose(place: Place, engine: Engine, what: string, args: string[]): Promise<string> {
	const head = [
		'compose',
		'-p',
		PROJECT,
		...composeFilesOf(place).flatMap((file) => ['-f', file]),
		'--env-file',
		envFile(place),
		'--progress',
		'quiet',
	];
	return must(what, 'docker', [...head, ...args], {
		env: {...engine.env, ...composeVariables(place, engine)},
		timeoutMs: 60_000,
	});
}

function writeFiles(place: Place, engine: Engine): void {
	mkdirSync(place.base, {recursive: true});
	const lines = Object.entries(composeVariables(place, engine)).map(([name, value]) => `${name}=${value}\n`);
	writeFileSync(envFile(place), lines.join(''));
	writeConf(place);
}
