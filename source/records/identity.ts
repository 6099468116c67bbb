import {createHash} from 'node:crypto';
import {existsSync, readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import type {DockerClient} from '../clients/docker/client.ts';
import type {Config} from '../config/schema.ts';
import {type Identity, readIdentity, writeIdentity} from './identity-file.ts';
import {type Place, type PlaceOf, placeAt, trustFolder} from './place.ts';
import {takeOver} from './take-over.ts';

/** Which deployment's records are wanted. */
export type Wanted = Pick<Config, 'deployment'> & {
	stateDir?: string | undefined;
	docker: Pick<Config['docker'], 'project'>;
};

/**
The place of a deployment's records as far as it is known before the engine was asked: of the engine that answered at this
address last; else, a place for this address alone. A name is no identity: an engine for staging and one for production may
bear the same project.

It is under `stateDir` of the configuration, else under `$XDG_STATE_HOME/jetmedic` (`~/.local/state` where that is not set).
https://specifications.freedesktop.org/basedir-spec/latest/

Reads a few small files, and writes nothing. Never throws.
*/
export function openPlace(
	{deployment, stateDir, docker: {project}}: Wanted,
	endpoint: string,
	env: NodeJS.ProcessEnv = process.env,
): Place {
	const base = stateDir ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'jetmedic');
	const of: PlaceOf = {project, deployment, endpoint, engine: undefined, isConfirmed: false};
	const last = placesOf(base, project)
		.filter(({identity}) => identity.endpoints[endpoint] !== undefined)
		.sort((a, b) => b.identity.endpoints[endpoint]! - a.identity.endpoints[endpoint]!)[0];
	return last === undefined
		? placeAt(join(base, `${folderName(project)}@unidentified-${digest(endpoint, project)}`), of)
		: placeAt(last.root, {...of, engine: last.identity.engine});
}

/**
The place of the engine that answered: what belongs to it is taken over, once, and the place is from now on its own.

@returns Whether the records are other ones than before, so that what was read of them must be read again. Never throws.
*/
export function settlePlace(place: Place, engine: string, now = Date.now()): boolean {
	if (place.of.isConfirmed && place.of.engine === engine) {
		return false;
	}
	const {project, endpoint} = place.of;
	const base = dirname(place.root);
	const root = rootOf(base, engine, project);
	const before = place.root;
	const settled = placeAt(root, {...place.of, engine, isConfirmed: true});
	takeOver(settled, join(base, `${folderName(project)}@unidentified-${digest(endpoint, project)}`));
	Object.assign(place, settled);
	note(place, now);
	return before !== root;
}

/** The folder of the records of an engine's project. */
export const rootOf = (base: string, engine: string, project: string): string =>
	join(base, `${folderName(project)}@${digest(engine, project)}`);

/**
Asks the engine who it is, and settles the place of the records with the answer.

@param withinMs - Longer is not waited for the answer; it still settles the place when it comes.
@returns Whether it answered in time. Never throws.
*/
export async function identify(
	{docker, place}: {docker: Pick<DockerClient, 'engineId'>; place: Place},
	withinMs: number,
): Promise<boolean> {
	const asked = docker.engineId().then(
		(engine) => {
			settlePlace(place, engine);
			return true;
		},
		() => false,
	);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(resolve, withinMs, false);
	});
	return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/**
Whether what is seen of the deployment may be kept among these records. While the engine does not answer, the records are
those of the engine that had this address before, and what is seen may be another deployment's.
*/
export const mayKeep = ({of}: Place): boolean => of.isConfirmed || of.engine === undefined;

/** Whether a run of these facts is of another engine or project than a place; what a journal does not say speaks for it. */
export const isForeign = (
	{engineId, project}: {engineId?: string | undefined; project?: string | undefined},
	{of}: Place,
): boolean =>
	(engineId !== undefined && of.engine !== undefined && engineId !== of.engine) ||
	(project !== undefined && project !== of.project);

/** The places of a project's other engines in the same folder. Never throws. */
export const otherPlaces = (place: Place): Place[] =>
	placesOf(dirname(place.root), place.of.project)
		.filter(({root}) => root !== place.root)
		.map(({root, identity}) =>
			placeAt(root, {...place.of, engine: identity.engine, endpoint: lastEndpoint(identity)}),
		);

const lastEndpoint = ({endpoints}: Identity): string =>
	Object.entries(endpoints).sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'an unknown address';

function placesOf(base: string, project: string): {root: string; identity: Identity}[] {
	let names: string[];
	try {
		names = readdirSync(base);
	} catch {
		return [];
	}
	return names
		.filter((name) => name.startsWith(`${folderName(project)}@`))
		.flatMap((name) => {
			const root = join(base, name);
			const identity = readIdentity(join(root, 'identity.json'));
			// A folder that was copied under another name is nobody's.
			return identity?.project === project && root === rootOf(base, identity.engine, project)
				? [{root, identity}]
				: [];
		});
}

/** Writes down that the engine answered at this address; `makePlace` does so for a folder that is not there yet. */
function note(place: Place, now: number): void {
	const {engine, project, deployment, endpoint} = place.of;
	try {
		if (engine !== undefined && existsSync(place.root)) {
			trustFolder(place.root);
			writeIdentity(place.identity, {engine, project, deployment, endpoint}, now);
		}
	} catch {
		// What can't be written is not known at the next outage; the console says that nothing can be recorded.
	}
}

/** A project's name in the name of a folder: Compose's own are lower case letters, digits, `_` and `-`. */
const folderName = (project: string): string => project.replace(/[^\w-]/g, '-').slice(0, 80) || 'project';

/** The first twelve hexadecimal digits are enough to tell the engines of one person's folder apart. */
function digest(engine: string, project: string): string {
	// A project whose name had to be changed must not meet another one.
	const named = folderName(project) === project ? engine : `${engine}\n${project}`;
	return createHash('sha256').update(named).digest('hex').slice(0, 12);
}
