import {isReadOnly, natsFromEnvironment} from './environment.ts';
import {type ConfigFlags, withFlags} from './flags.ts';
import type {Environment} from './folders.ts';
import {locateConfig} from './locate.ts';
import {overlayNats} from './overlay.ts';
import type {Config} from './schema.ts';
import {titan} from './titan.ts';

export type LoadOptions = {
	/** The value of `--config`. */
	path?: string | undefined;
	/** The working folder, absolute. */
	cwd: string;
	env: Environment;
	flags?: ConfigFlags | undefined;
};

export type LoadedConfig = {
	config: Config;
	/** The absolute path of the file, or `built-in`. */
	source: string;
	/** What names the NATS server in the place of the file or the profile: `NATS_URL`, `--nats-context`; undefined when nothing does. */
	natsFrom: string | undefined;
};

/** Where a configuration comes from that no file makes. */
export const builtIn = 'built-in';

/**
The configuration of this start. What counts is, as everywhere else: flags, then the environment, then the
file, then the built-in profile.

- The file: see `locateConfig`; what it leaves out: see `profileFor`.
- The environment: the variables of the NATS CLI (see `natsFromEnvironment`), over the file; settings that
  belong together go together (see `overlayNats`). `${NAME}` in the file is the file's own business.
- DOCKER_HOST and DOCKER_CONTEXT are not read here but in `dockerEndpoint`, where a file that names an engine
  goes first: it takes the place of docker's `--host`.
- JETMEDIC_READ_ONLY, `readOnly` and `--read-only`: each can ask for read-only, and none can take it away.

Neither zod nor yaml is loaded where there is no file and no flag: the built-in profile needs no check.

@throws ConfigError with all problems, one a line, each with its file and line where it has one.
*/
export async function loadConfig({path, cwd, env, flags = {}}: LoadOptions): Promise<LoadedConfig> {
	const file = await locateConfig({path, cwd, env});
	// A copy, so that nobody who changes a setting changes the profile.
	const config =
		file === undefined
			? structuredClone(titan)
			: await (await import('./file.ts')).configFromFile(file, cwd, env);

	const said = whichServer(config);
	const serverGiven = flags.natsUrl !== undefined || flags.natsContext !== undefined;
	const given = natsFromEnvironment(env, cwd, serverGiven);
	// Credentials of the environment, without an address of their own, are for the one that the command line names.
	const isAlone = given.url === undefined && given.context === undefined && flags.natsContext === undefined;
	config.nats = overlayNats(config.nats, isAlone ? {...given, url: flags.natsUrl} : given);
	config.readOnly ||= isReadOnly(env);
	const whole = await withFlags(config, flags, cwd, env);
	return {
		config: whole,
		source: file ?? builtIn,
		natsFrom: whichServer(whole) === said ? undefined : namedBy(flags, env),
	};
}

const whichServer = ({nats}: Config): string =>
	JSON.stringify([nats.context ?? null, nats.context ? null : nats.url]);

/** In the order in which they count. */
const namedBy = (flags: ConfigFlags, env: Environment): string =>
	flags.natsUrl !== undefined
		? '--nats-url'
		: flags.natsContext !== undefined
			? '--nats-context'
			: env['NATS_URL']
				? 'NATS_URL'
				: 'NATS_CONTEXT';
