import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {promisify} from 'node:util';
import {sanitize} from '../../text/sanitize.ts';
import type {ComposeProject} from './client.ts';
import type {DockerEndpoint} from './endpoint.ts';

/**
Makes missing containers of a project with `docker compose up -d --no-recreate`, from the very files that the
project's other containers name in their labels. Containers that exist are not touched, however far their
configuration has drifted.

@param recreate - Makes containers anew that are there (`--force-recreate`), by the files as they are now: what is cut off
from its network gets it back only so, with the names that the others know it by. Its volumes stay.
@param timeoutMs - How long Compose may take; a server with many consumers stops slowly.
@throws an Error with a sentence when the files are not there, or Compose is not, or fails.
*/
export async function composeUp(
	endpoint: DockerEndpoint,
	project: ComposeProject | undefined,
	services: string[],
	signal?: AbortSignal,
	recreate = false,
	timeoutMs = 120_000,
): Promise<void> {
	const missing = services.join(', ');
	const state = recreate ? 'must be made anew' : 'is missing';
	if (!project) {
		throw new Error(`The container of ${missing} ${state}, and no container says where its Compose file is.`);
	}
	const gone = [...project.configFiles, ...project.environmentFiles].filter((file) => !existsSync(file));
	if (project.configFiles.length === 0 || gone.length > 0) {
		throw new Error(
			`The container of ${missing} ${state}, and its Compose file is missing: ${gone.join(', ')}.`,
		);
	}
	const args = [
		...composeArguments(project),
		'up',
		'-d',
		recreate ? '--force-recreate' : '--no-recreate',
		'--no-deps',
		'--no-build',
		...services,
	];
	try {
		await promisify(execFile)('docker', args, {
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
		throw new Error(`The container of ${missing} ${state}, and it could not be made: ${reason}.`);
	}
}

const composeArguments = (project: ComposeProject): string[] => [
	'compose',
	'-p',
	project.project,
	...project.configFiles.flatMap((file) => ['-f', file]),
	...project.environmentFiles.flatMap((file) => ['--env-file', file]),
	...(project.workingDir === '' ? [] : ['--project-directory', project.workingDir]),
];

/**
The services that a project's files name, of every profile (`docker compose config --services`, which names those of active
profiles alone; https://docs.docker.com/compose/how-tos/profiles/); undefined where Compose can't say. Never throws.
*/
export async function composeServices(
	endpoint: DockerEndpoint,
	project: ComposeProject,
): Promise<string[] | undefined> {
	try {
		const {stdout} = await promisify(execFile)(
			'docker',
			[...composeArguments(project), '--profile', '*', 'config', '--services'],
			{timeout: 10_000, env: composeEnvironment(endpoint)},
		);
		return sanitize(stdout.trim().replaceAll('\n', ' '), 4000).split(' ').filter(Boolean);
	} catch {
		return undefined;
	}
}

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
