import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {ConfigError} from '../../config/error.ts';
import {describeFileFault} from '../../config/fault.ts';
import {type Environment, homeFolder} from '../../config/folders.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';

/** The contents of PEM files. */
export type TlsFiles = {ca?: string; cert?: string; key?: string};

export type DockerContext = {
	host: string;
	tls?: TlsFiles;
};

/** The folder of the Docker CLI: `$DOCKER_CONFIG`, else `~/.docker`. */
export function dockerFolder(env: Environment): string {
	return env['DOCKER_CONFIG'] || join(homeFolder(env), '.docker');
}

/**
The context that `docker context use` has set, or undefined. A config.json that is missing or damaged names
none: the Docker CLI warns about it and goes on, too.
*/
export function currentContext(env: Environment): string | undefined {
	try {
		const file = JSON.parse(readFileSync(join(dockerFolder(env), 'config.json'), 'utf8')) as unknown;
		const name = (file as {currentContext?: unknown} | null)?.currentContext;
		return typeof name === 'string' && name !== '' ? name : undefined;
	} catch {
		return undefined;
	}
}

/**
A context of the Docker CLI: its address and its TLS files.

@throws ConfigError where there is none of this name (the message names those that exist), where its files
cannot be read, or where it asks for TLS without verification.
*/
export function readDockerContext(name: string, env: Environment): DockerContext {
	const folder = join(dockerFolder(env), 'contexts');
	// The CLI keeps a context under the hash of its name, so that a name needs no escaping.
	const id = createHash('sha256').update(name).digest('hex');
	const shown = `Docker context "${sanitize(name, 100)}"`;
	const file = join(folder, 'meta', id, 'meta.json');

	let meta: unknown;
	try {
		meta = JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			throw new ConfigError(`There is no ${shown} in ${sanitize(folder, 300)}. ${existing(folder)}`);
		}
		const why = error instanceof SyntaxError ? 'it is not JSON' : describeFileFault(error);
		throw new ConfigError(`Cannot read the ${shown}: ${sanitize(file, 300)}: ${why}.`, {cause: error});
	}

	const endpoint = (meta as {Endpoints?: {docker?: unknown}} | null)?.Endpoints?.docker;
	const {Host: host, SkipTLSVerify: skip} = (endpoint ?? {}) as {Host?: unknown; SkipTLSVerify?: unknown};
	if (typeof host !== 'string' || host === '') {
		throw new ConfigError(
			`The ${shown} has no Docker endpoint. Make it anew with \`docker context create\`.`,
		);
	}
	if (skip === true) {
		throw new ConfigError(
			`The ${shown} skips the verification of the server (SkipTLSVerify), which is not supported: ` +
				'whoever answers would be trusted. Give the context the CA certificate of the engine.',
		);
	}
	const tls = readTlsFiles(join(folder, 'tls', id, 'docker'), `the ${shown}`);
	return Object.keys(tls).length > 0 ? {host, tls} : {host};
}

/**
ca.pem, cert.pem and key.pem of a folder, as far as they exist.

@param owner - What the files belong to, for messages.
@throws ConfigError for one that exists and cannot be read, and for a certificate without its key.
*/
export function readTlsFiles(folder: string, owner: string): TlsFiles {
	const tls: TlsFiles = {};
	for (const part of ['ca', 'cert', 'key'] as const) {
		const file = join(folder, `${part}.pem`);
		try {
			tls[part] = readFileSync(file, 'utf8');
		} catch (error) {
			if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
				const why = describeFileFault(error);
				throw new ConfigError(`Cannot read ${sanitize(file, 300)} of ${owner}: ${why}.`, {cause: error});
			}
		}
	}
	if ((tls.cert === undefined) !== (tls.key === undefined)) {
		const [has, lacks] = tls.cert === undefined ? ['key.pem', 'cert.pem'] : ['cert.pem', 'key.pem'];
		throw new ConfigError(`${sanitize(folder, 300)} of ${owner} has ${has} without ${lacks}.`);
	}
	return tls;
}

function existing(folder: string): string {
	const names: string[] = [];
	for (const id of folders(join(folder, 'meta'))) {
		try {
			const meta = JSON.parse(readFileSync(join(folder, 'meta', id, 'meta.json'), 'utf8')) as {
				Name?: unknown;
			};
			if (typeof meta?.Name === 'string') {
				names.push(sanitize(redact(sanitize(meta.Name)), 60));
			}
		} catch {
			// One that is damaged is none to choose.
		}
	}
	return names.length > 0
		? `Those that exist: default, ${names.sort().join(', ')}.`
		: 'The only one is default.';
}

function folders(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}
