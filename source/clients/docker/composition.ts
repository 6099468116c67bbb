import {statSync} from 'node:fs';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {sanitize} from '../../text/sanitize.ts';
import {whyUntrusted} from '../trusted-path.ts';
import {CompositionError, parseComposeFile} from './compose-file.ts';
import type {ComposeProject} from './project-files.ts';

export {CompositionError} from './compose-file.ts';

/** What a project's Compose files say, as far as it can be told without Compose. */
export type Composition = {
	/** Every service, of every profile. */
	services: string[];
	/**
	Those that `docker compose up` makes a container for, and that stay: without services of profiles, without those that have
	no replica, without jobs for whose end others wait, and without those that may end by themselves.
	*/
	expected: string[];
	/** All files that were read. */
	files: string[];
};

const maxFiles = 100;

const advice = 'Name the files in docker.files of the configuration if they are the right ones.';
const variablesAdvice =
	'Name the right files in docker.envFiles of the configuration; an empty list means that there is no such file.';

type Service = {
	profiles?: unknown;
	scale?: unknown;
	deploy?: unknown;
	depends_on?: unknown;
	extends?: unknown;
	restart?: unknown;
	healthcheck?: unknown;
	ports?: unknown;
};

/**
Reads a project's Compose files, and all that they include and extend, without running anything: `docker compose config` would
fetch an include from wherever it points to. Files that a label names are read only if nobody but root and this user can change
them; those of the configuration are the operator's own word.

@param distrust - Says why a file is not to be believed.
@throws CompositionError where a file is missing, is not YAML, is not to be believed, or comes from another machine.
*/
export async function readComposition(
	{configFiles, environmentFiles, workingDir, isConfigured, believed = {}}: ComposeProject,
	distrust: (path: string) => string | undefined = whyUntrusted,
): Promise<Composition> {
	if (configFiles.length === 0) {
		throw new CompositionError(`No container names its Compose file. ${advice}`);
	}
	const services = new Map<string, Service[]>();
	const seen = new Set<string>();
	const isOwn = isConfigured === true;
	const isOwnFolder = believed.workingDir ?? isOwn;
	// What a configured file includes is looked for in the project's folder, whoever named that.
	const isOwnWord = (file: string): boolean => isOwn && (isOwnFolder || configFiles.includes(file));
	const check = (file: string, isBelieved = isOwnWord(file), remedy = advice): void => {
		const why = isBelieved ? undefined : distrust(file);
		if (why !== undefined) {
			throw new CompositionError(`jetmedic does not run Compose on ${sanitize(file, 300)}. ${why} ${remedy}`);
		}
	};
	if (isOwn && !isOwnFolder && !isFolder(workingDir)) {
		throw new CompositionError(
			`The folder ${sanitize(workingDir, 300)}, which the containers name, is not on this host. Set docker.workingDir of the configuration to the folder of the project.`,
		);
	}

	const read = (file: string): void => {
		if (seen.has(file)) {
			return;
		}
		seen.add(file);
		if (seen.size > maxFiles) {
			throw new CompositionError(`${shown(configFiles)} includes more than ${maxFiles} files.`);
		}
		check(file);
		for (const document of parseComposeFile(file)) {
			visit(document, file);
		}
	};
	/** A file that another one names, wherever Compose would look for it: from the project's folder, or from the other's own. */
	const readNamed = (named: unknown, from: string, what: string): void => {
		if (typeof named !== 'string' || named === '') {
			throw new CompositionError(`${sanitize(from, 300)} has an entry ${what} that is not a path.`);
		}
		if (isRemote(named)) {
			throw new CompositionError(
				`${sanitize(from, 300)} has the ${what} ${sanitize(named, 200)}, which is not a plain path of this host. jetmedic runs Compose only on local files.`,
			);
		}
		const found = [
			...new Set([workingDir || dirname(from), dirname(from)].map((folder) => resolve(folder, named))),
		].filter((path) => isThere(path));
		if (found.length === 0) {
			throw new CompositionError(
				`${sanitize(from, 300)} has the ${what} ${sanitize(named, 200)}, which is not on this host.`,
			);
		}
		found.forEach(read);
	};
	const visit = (document: unknown, file: string): void => {
		const {services: named, include} = (isRecord(document) ? document : {}) as {
			services?: unknown;
			include?: unknown;
		};
		for (const [name, service] of Object.entries(isRecord(named) ? named : {})) {
			services.set(name, [...(services.get(name) ?? []), isRecord(service) ? service : {}]);
			const extended = isRecord(service) ? service['extends'] : undefined;
			if (isRecord(extended) && extended['file'] !== undefined) {
				// What is extended is a template: its services are not the project's.
				const known = new Map(services);
				readNamed(extended['file'], file, 'extends');
				services.clear();
				for (const [key, value] of known) {
					services.set(key, value);
				}
			}
		}
		for (const one of include === undefined || include === null ? [] : [include].flat()) {
			const {
				path,
				env_file: variables,
				project_directory: folder,
			} = (isRecord(one) ? one : {path: one}) as {
				path?: unknown;
				env_file?: unknown;
				project_directory?: unknown;
			};
			for (const inner of [path].flat()) {
				readNamed(inner, file, 'include');
			}
			for (const inner of variables === undefined ? [] : [variables].flat()) {
				checkVariables(inner, file);
			}
			if (folder !== undefined) {
				checkVariables(join(String(folder), '.env'), file);
			}
		}
	};
	/** A file whose variables Compose puts into the others: an image, a folder of the host. */
	const checkVariables = (named: unknown, from: string): void => {
		if (typeof named !== 'string' || isRemote(named)) {
			throw new CompositionError(
				`${sanitize(from, 300)} has an env_file that is not a plain path of this host.`,
			);
		}
		for (const folder of new Set([workingDir || dirname(from), dirname(from)])) {
			check(resolve(folder, named));
		}
	};

	for (const file of configFiles) {
		if (!isAbsolute(file) || isRemote(file)) {
			throw new CompositionError(
				`The Compose file ${sanitize(file, 300)} is not a plain path of this host. jetmedic runs Compose only on local files. ${advice}`,
			);
		}
		if (!isThere(file)) {
			throw new CompositionError(`The Compose file ${sanitize(file, 300)} is not on this host. ${advice}`);
		}
		read(file);
	}
	for (const file of environmentFiles) {
		if (!isThere(file)) {
			throw new CompositionError(
				`The environment file ${sanitize(file, 300)} is not on this host. ${variablesAdvice}`,
			);
		}
		check(file, believed.environmentFiles ?? isOwn, variablesAdvice);
	}
	// Compose takes variables from there when no other file is named.
	for (const folder of new Set([workingDir, ...configFiles.map((file) => dirname(file))].filter(Boolean))) {
		const isOfLabel = folder === workingDir && !isOwnFolder;
		check(
			join(folder, '.env'),
			!isOfLabel && isOwn,
			isOwn ? 'Set docker.workingDir of the configuration to the folder of the project.' : advice,
		);
	}
	return {
		services: [...services.keys()].map((name) => sanitize(name, 100)),
		expected: expectedOf(services),
		files: [...seen],
	};
}

/**
What Compose's own loaders take for another machine's file: `oci://…`, `https://…`, `git@…`, `github.com/…`, `….git#main`; and
what has a variable in it, which may become any of them. (docker/compose, pkg/remote/git.go and oci.go)
*/
const isRemote = (path: string): boolean =>
	path.includes('://') ||
	path.includes('$') ||
	/^(oci:|docker\.io\/|git@|github\.com\/)/i.test(path) ||
	/\.git($|#)/i.test(path) ||
	path === '-';

function expectedOf(services: ReadonlyMap<string, Service[]>): string[] {
	const isJob = new Set(
		[...services.values()]
			.flat()
			.flatMap(({depends_on: needs}) =>
				Object.entries(isRecord(needs) ? needs : {}).flatMap(([name, need]) =>
					isRecord(need) && need['condition'] === 'service_completed_successfully' ? [name] : [],
				),
			),
	);
	return [...services].flatMap(([name, parts]) => {
		const merged: Service = Object.assign({}, ...parts);
		const replicas = merged.scale ?? (isRecord(merged.deploy) ? merged.deploy['replicas'] : undefined);
		const ofProfile = Array.isArray(merged.profiles) && merged.profiles.length > 0;
		return ofProfile || replicas === 0 || isJob.has(name) || typeof replicas === 'string' || mayEnd(merged)
			? []
			: [sanitize(name, 100)];
	});
}

/**
Whether nothing speaks against a service that is meant to end by itself, as a migration does: the same question that is asked of
a container. What a service extends, or a variable, may say otherwise; then the container that was seen decides.
*/
function mayEnd({restart, healthcheck, ports, deploy, extends: template}: Service): boolean {
	const isChecked = isRecord(healthcheck) && healthcheck['disable'] !== true;
	const hasPorts = Array.isArray(ports) && ports.length > 0;
	return !isChecked && !hasPorts && template === undefined && endsBy(restart, deploy);
}

/** Compose takes the policy of `deploy` if the service has none, with `any` for `unless-stopped`. (pkg/compose/create.go, getRestartPolicy) */
function endsBy(restart: unknown, deploy: unknown): boolean {
	if (restart !== undefined && restart !== null && restart !== '') {
		return restart === false || /^(no|on-failure(:\d+)?)$/.test(String(restart));
	}
	const policy = isRecord(deploy) ? deploy['restart_policy'] : undefined;
	return !isRecord(policy) || policy['condition'] !== 'any';
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (files: readonly string[]): string => files.map((file) => sanitize(file, 300)).join(', ');

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

function isThere(path: string): boolean {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
