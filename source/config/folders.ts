import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';

/** The environment variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The home folder: `$HOME`, else what the system says. */
export function homeFolder(env: Environment): string {
	return env['HOME'] || homedir();
}

/**
The folder of configuration files: `$XDG_CONFIG_HOME`, else `~/.config`. A relative value is ignored, as
https://specifications.freedesktop.org/basedir-spec/latest/ demands.
*/
export function configFolder(env: Environment): string {
	const folder = env['XDG_CONFIG_HOME'];
	return folder && isAbsolute(folder) ? folder : join(homeFolder(env), '.config');
}

/** The path with a leading `~/` replaced: no shell does that in a file, nor in `--config=~/x`. */
export function expandHome(path: string, env: Environment): string {
	return path === '~' || path.startsWith('~/') ? join(homeFolder(env), path.slice(1)) : path;
}
