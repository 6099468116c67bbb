import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {sanitize} from '../../text/sanitize.ts';
import {shellLine} from '../../text/shell-quote.ts';
import {readComposition} from './composition.ts';
import type {DockerEndpoint} from './endpoint.ts';
import type {ComposeProject} from './project-files.ts';

/**
Makes missing containers of a project with `docker compose up -d --no-recreate`, from the project's Compose files: those of the
configuration, else the very files that the project's other containers name in their labels, if nobody else can change them.
Containers that exist are not touched, however far their configuration has drifted.

@param recreate - Makes containers anew that are there (`--force-recreate`), by the files as they are now: what is cut off
from its network gets it back only so, with the names that the others know it by. Its volumes stay.
@param timeoutMs - How long Compose may take; a server with many consumers stops slowly.
@throws an Error with a sentence when the files are not there or not to be believed, when they do not name a service, or when
Compose is not there, or fails.
*/
export async function composeUp(
	endpoint: DockerEndpoint,
	project: ComposeProject | undefined,
	services: string[],
	signal?: AbortSignal,
	recreate = false,
	timeoutMs = 120_000,
): Promise<void> {
	const missing = services.map((service) => sanitize(service, 100)).join(', ');
	const state = recreate ? 'must be recreated' : 'is missing';
	if (!project) {
		throw new Error(`The container of ${missing} ${state}, and no container names its Compose file.`);
	}
	await checkServices(project, services).catch((error: Error) => {
		throw new Error(`The container of ${missing} ${state}. ${error.message}`);
	});
	try {
		await promisify(execFile)('docker', composeUpArguments(project, services, recreate), {
			signal,
			timeout: timeoutMs,
			env: composeEnvironment(endpoint),
		});
	} catch (error) {
		const {code, stderr} = error as {code?: unknown; stderr?: string};
		const reason =
			code === 'ENOENT'
				? 'the docker command is not installed'
				: sanitize(String(stderr ?? error).trim(), 300);
		throw new Error(`The container of ${missing} ${state}, and Compose could not create it: ${reason}.`);
	}
}

/** What Compose lets a service be called; nothing that begins with a dash is one. (compose-spec.json, `patternProperties`) */
const serviceName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** @throws an Error with a sentence where Compose must not be run, or where a name is not one of the project's services. */
async function checkServices(project: ComposeProject, services: readonly string[]): Promise<void> {
	const {services: known} = await readComposition(project);
	const unknown = services.filter((service) => !serviceName.test(service) || !known.includes(service));
	if (unknown.length > 0 || services.length === 0) {
		throw new Error(
			`${unknown.map((name) => sanitize(name, 100)).join(', ') || 'An empty name'} is not a service of ${project.configFiles.join(', ')}. The services are ${known.join(', ')}.`,
		);
	}
}

/** The arguments of the `docker` command that `composeUp` runs. */
export const composeUpArguments = (
	project: ComposeProject,
	services: readonly string[],
	recreate = false,
): string[] => [
	'compose',
	'-p',
	project.project,
	...project.configFiles.flatMap((file) => ['-f', file]),
	...project.environmentFiles.flatMap((file) => ['--env-file', file]),
	...(project.workingDir === '' ? [] : ['--project-directory', project.workingDir]),
	'up',
	'-d',
	recreate ? '--force-recreate' : '--no-recreate',
	'--no-deps',
	'--no-build',
	// What follows is a name, whatever it begins with.
	'--',
	...services,
];

/** The same as a line that a shell takes: what is shown and journalled is what is executed. */
export const composeUpCommand = (
	project: ComposeProject,
	services: readonly string[],
	recreate = false,
): string => shellLine('docker', ...composeUpArguments(project, services, recreate));

/** The environment that makes the docker command talk to the very engine that the console talks to. */
function composeEnvironment(endpoint: DockerEndpoint): NodeJS.ProcessEnv {
	const {DOCKER_CONTEXT: _context, ...env} = process.env;
	if (endpoint.kind === 'socket') {
		const {DOCKER_TLS_VERIFY: _verify, DOCKER_TLS: _tls, ...plain} = env;
		return {...plain, DOCKER_HOST: endpoint.describe};
	}
	if (endpoint.tls === undefined) {
		const {DOCKER_TLS_VERIFY: _verify, DOCKER_TLS: _tls, ...plain} = env;
		return {...plain, DOCKER_HOST: endpoint.describe};
	}
	throw new Error('making a container over TLS is left to you: run docker compose up -d --no-recreate there');
}
