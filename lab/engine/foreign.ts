import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {type Place, PROJECT} from '../place.ts';
import type {Progress} from '../progress.ts';
import {LabError, run} from '../run.ts';
import type {Engine} from './types.ts';

/** The official images, used where a registry or a local copy has them. */
export const OFFICIAL = {nats: 'nats:2-alpine', node: 'node:24-alpine'};

const PULL_MS = 180_000;

/**
 * The Docker engine that is at hand without the lab's doing, with Compose v2; undefined when there is none.
 * An engine that is one of the lab's own private ones does not count.
 */
export async function findForeign(place: Place): Promise<Engine | undefined> {
	if (process.env['DOCKER_HOST']?.startsWith(`unix://${place.base}/`)) return undefined;
	const server = await run('docker', ['version', '-f', '{{.Server.Version}}'], {timeoutMs: 10_000});
	if (server.code !== 0) return undefined;
	const compose = await run('docker', ['compose', 'version', '--short'], {timeoutMs: 10_000});
	if (compose.code !== 0) return undefined;
	return {kind: 'foreign', label: `Docker engine ${server.stdout.trim()} of this machine`, env: {}};
}

/** True when both official images are local or could be pulled. */
export async function officialImages(progress: Progress): Promise<boolean> {
	for (const image of Object.values(OFFICIAL)) {
		const local = await run('docker', ['image', 'inspect', '-f', '{{.Id}}', image]);
		if (local.code === 0) continue;
		progress(`pulling ${image}`);
		const pulled = await run('docker', ['pull', '-q', image], {timeoutMs: PULL_MS});
		if (pulled.code !== 0) return false;
	}
	return true;
}

/**
 * Makes sure that the machine's engine has no `titan` project of somebody else.
 * @throws LabError when it has one: nothing of it is touched
 */
export async function refuseForeignProject(): Promise<void> {
	const format = '{{.Names}} {{.Label "jetmedic.lab"}}';
	const list = await run('docker', [
		'ps',
		'-a',
		'--filter',
		`label=com.docker.compose.project=${PROJECT}`,
		'--format',
		format,
	]);
	const strangers = list.stdout
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.endsWith(' true'));
	if (strangers.length === 0) return;
	throw new LabError(
		`This Docker engine already runs a project "${PROJECT}" that is not the lab's (${strangers.join(', ')}): nothing was touched. Use another engine, or run the lab with --isolated.`,
	);
}

const record = (place: Place): string => join(place.base, `${place.name}.foreign`);

/** True when this instance was brought up on the machine's own engine. */
export const usesForeign = (place: Place): boolean => existsSync(record(place));

/** Notes, or forgets, that this instance lives on the machine's own engine. */
export function noteForeign(place: Place, used: boolean): void {
	if (!used) {
		rmSync(record(place), {force: true});
		return;
	}
	mkdirSync(dirname(record(place)), {recursive: true});
	writeFileSync(record(place), '');
}
