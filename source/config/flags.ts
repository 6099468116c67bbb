import {resolve} from 'node:path';
import {ConfigError} from './error.ts';
import {explain, showProblem} from './explain.ts';
import {type Environment, expandHome} from './folders.ts';
import {overlayNats} from './overlay.ts';
import type {Config} from './schema.ts';
import type {Values} from './values.ts';

/** The flags that change a setting; each has the name of its key in kebab case (`--nats-url`). */
export type ConfigFlags = {
	project?: string | undefined;
	dockerHost?: string | undefined;
	dockerContext?: string | undefined;
	natsUrl?: string | undefined;
	natsContext?: string | undefined;
	stream?: string | undefined;
	consumer?: string | undefined;
	/** Only `true` says anything: no flag takes read-only away. */
	readOnly?: boolean | undefined;
	stateDir?: string | undefined;
};

/** Which setting a flag changes. */
const settings: Record<Exclude<keyof ConfigFlags, 'readOnly'>, readonly string[]> = {
	project: ['docker', 'project'],
	dockerHost: ['docker', 'host'],
	dockerContext: ['docker', 'context'],
	natsUrl: ['nats', 'url'],
	natsContext: ['nats', 'context'],
	stream: ['stream'],
	consumer: ['consumer'],
	stateDir: ['stateDir'],
};

/**
The configuration with the flags over it. Without flags nothing is loaded and nothing is checked.

@throws ConfigError for flags that contradict each other, and for a value that the schema refuses.
*/
export async function withFlags(
	config: Config,
	flags: ConfigFlags,
	cwd: string,
	env: Environment,
): Promise<Config> {
	const given = Object.entries(settings).filter(([flag]) => flags[flag as keyof ConfigFlags] !== undefined);
	const result: Config = {...config, readOnly: config.readOnly || flags.readOnly === true};
	if (given.length === 0) {
		return result;
	}
	if (flags.dockerHost !== undefined && flags.dockerContext !== undefined) {
		throw new ConfigError('--docker-host and --docker-context name two engines; give one of them.');
	}
	if (flags.natsUrl !== undefined && flags.natsContext !== undefined) {
		throw new ConfigError('--nats-url and --nats-context name two servers; give one of them.');
	}

	result.docker = {...config.docker, project: flags.project ?? config.docker.project};
	if (flags.dockerHost !== undefined) {
		result.docker.host = flags.dockerHost;
		delete result.docker.context;
	}
	if (flags.dockerContext !== undefined) {
		result.docker.context = flags.dockerContext;
		delete result.docker.host;
	}
	result.nats = overlayNats(config.nats, {url: flags.natsUrl, context: flags.natsContext});
	result.stream = flags.stream ?? config.stream;
	result.consumer = flags.consumer ?? config.consumer;
	if (flags.stateDir !== undefined) {
		result.stateDir = resolve(cwd, expandHome(flags.stateDir, env));
	}
	await check(result, given);
	return result;
}

async function check(
	config: Config,
	given: readonly (readonly [string, readonly string[]])[],
): Promise<void> {
	const {configSchema} = await import('./schema.ts');
	const found = configSchema.safeParse(config).error?.issues ?? [];
	const problems = explain(found, configSchema, config as unknown as Values).flatMap((problem) => {
		const flag = given.find(([, path]) => path.join('.') === problem.path.join('.'))?.[0];
		return flag === undefined
			? []
			: [showProblem(`--${kebab(flag)}`, undefined, {path: [], text: problem.text})];
	});
	if (problems.length > 0) {
		throw new ConfigError(problems);
	}
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
