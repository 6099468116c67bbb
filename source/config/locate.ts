import {lstat, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {ConfigError} from './error.ts';
import {describeFileFault} from './fault.ts';
import {configFolder, type Environment, expandHome} from './folders.ts';

export type Location = {
	/** The value of `--config`. */
	path?: string | undefined;
	/** The working folder, absolute. */
	cwd: string;
	env: Environment;
};

/**
Which configuration file counts: the one of `--config`, else `jetmedic.yaml` or `jetmedic.yml` in the working
folder, else `$XDG_CONFIG_HOME/jetmedic/config.yaml`.

@returns An absolute path, or undefined where there is none and the built-in profile counts.
@throws ConfigError where the file of `--config` does not exist.
*/
export async function locateConfig({path, cwd, env}: Location): Promise<string | undefined> {
	if (path !== undefined) {
		return given(path, cwd, env);
	}
	const candidates = [
		join(cwd, 'jetmedic.yaml'),
		join(cwd, 'jetmedic.yml'),
		join(configFolder(env), 'jetmedic', 'config.yaml'),
	];
	for (const candidate of candidates) {
		if (await isThere(candidate)) {
			return candidate;
		}
	}
	return undefined;
}

async function given(path: string, cwd: string, env: Environment): Promise<string> {
	if (path === '') {
		throw new ConfigError('--config: expected the path of a file, got nothing.');
	}
	const file = resolve(cwd, expandHome(path, env));
	try {
		await stat(file);
	} catch (error) {
		const shown = sanitize(redact(sanitize(path)), 300);
		throw new ConfigError(`--config: cannot read ${shown}: ${describeFileFault(error)}.`, {cause: error});
	}
	return file;
}

/** lstat, so that a dangling link is an error of the file, and not silently the built-in profile. */
async function isThere(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch {
		return false;
	}
}
