import {ConfigError} from '../../config/error.ts';
import {type Environment, expandHome} from '../../config/folders.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {currentContext, dockerFolder, readDockerContext, readTlsFiles, type TlsFiles} from './context.ts';

/** Where the engine is. `describe` is for messages: `unix:///var/run/docker.sock`, without any secret. */
export type DockerEndpoint =
	| {kind: 'socket'; path: string; describe: string}
	| {kind: 'tcp'; host: string; port: number; tls?: TlsFiles; describe: string};

/** The part of the configuration that names an engine. */
export type DockerTarget = {host?: string | undefined; context?: string | undefined};

const defaultSocket = '/var/run/docker.sock';

/**
Which engine is meant, by the precedence of the Docker CLI, where the configuration (with its flags) stands in
the place of `--context` and `--host`
(https://github.com/docker/cli/blob/master/cli/command/cli.go, `CurrentContext`):

1. `context` of the configuration
2. `host` of the configuration
3. DOCKER_HOST
4. DOCKER_CONTEXT
5. `currentContext` of `$DOCKER_CONFIG/config.json` (`~/.docker`)
6. unix:///var/run/docker.sock

A file that pins an engine so goes before the environment, as `--host` does: which containers are restarted
must not depend on a variable that is still set from something else. The context `default` means what it means
to the CLI: DOCKER_HOST, else the default socket. Addresses of 2 and 3 speak TLS where DOCKER_TLS_VERIFY is set,
with the files of DOCKER_CERT_PATH (else of the CLI's folder); a context brings its own files.

The files are small and read synchronously, once, before the first frame.

@throws ConfigError where a context does not exist or an address cannot be used.
*/
export function dockerEndpoint(target: DockerTarget, env: Environment): DockerEndpoint {
	if (target.context) {
		return fromContext(target.context, env);
	}
	if (target.host) {
		return fromHost(target.host, 'docker.host', env);
	}
	if (env['DOCKER_HOST']) {
		return fromHost(env['DOCKER_HOST'], 'DOCKER_HOST', env);
	}
	return fromContext(env['DOCKER_CONTEXT'] || currentContext(env) || 'default', env);
}

function fromContext(name: string, env: Environment): DockerEndpoint {
	if (name === 'default') {
		return env['DOCKER_HOST'] ? fromHost(env['DOCKER_HOST'], 'DOCKER_HOST', env) : socket(defaultSocket);
	}
	const {host, tls} = readDockerContext(name, env);
	return parse(host, `Docker context "${sanitize(name, 100)}"`, env, () => tls);
}

function fromHost(host: string, from: string, env: Environment): DockerEndpoint {
	return parse(host, from, env, () => tlsOfEnvironment(env));
}

function tlsOfEnvironment(env: Environment): TlsFiles | undefined {
	// As in the CLI any value counts, also `0`.
	if (!env['DOCKER_TLS_VERIFY']) {
		if (env['DOCKER_TLS']) {
			throw new ConfigError(
				'DOCKER_TLS without DOCKER_TLS_VERIFY skips the verification of the server, which is not supported. ' +
					'Set DOCKER_TLS_VERIFY=1.',
			);
		}
		return undefined;
	}
	const folder = env['DOCKER_CERT_PATH'] ? expandHome(env['DOCKER_CERT_PATH'], env) : dockerFolder(env);
	const tls = readTlsFiles(folder, 'DOCKER_CERT_PATH');
	if (tls.ca === undefined) {
		throw new ConfigError(
			`DOCKER_TLS_VERIFY is set, and there is no ca.pem in ${sanitize(folder, 300)}. ` +
				'Set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.',
		);
	}
	return tls;
}

const socket = (path: string): DockerEndpoint => ({
	kind: 'socket',
	path,
	describe: `unix://${sanitize(path, 200)}`,
});

function parse(
	address: string,
	from: string,
	env: Environment,
	tlsFiles: () => TlsFiles | undefined,
): DockerEndpoint {
	const shown = sanitize(redact(sanitize(address)), 200);
	// The CLI takes `host:2375` for TCP.
	const [, scheme = 'tcp', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(address.trim()) ?? [];
	const kind = scheme.toLowerCase();
	if (kind === 'unix') {
		const path = expandHome(rest, env) || defaultSocket;
		if (!path.startsWith('/')) {
			throw new ConfigError(`${from}: ${shown} must name the socket by its whole path: unix:///path.`);
		}
		return socket(path);
	}
	if (kind === 'ssh') {
		throw new ConfigError(
			`${from}: ${shown} cannot be used, since the host key would not be checked. ` +
				'Run jetmedic on that host, or forward its socket with ' +
				'`ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST` and set DOCKER_HOST=unix:///tmp/docker.sock.',
		);
	}
	if (!['tcp', 'http', 'https'].includes(kind)) {
		throw new ConfigError(
			`${from}: ${shown} cannot be used; expected unix:///path, tcp://host:port, or the name of a context.`,
		);
	}

	const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]*)(?::(\d{1,5}))?\/?$/i.exec(rest) ?? [];
	if (
		host === undefined ||
		(host === '' && port === undefined) ||
		Number(port ?? 1) < 1 ||
		Number(port) > 65_535
	) {
		throw new ConfigError(`${from}: ${shown} is not of the form tcp://host:port.`);
	}
	// https is TLS by itself, with the certificates that the system trusts where there are no files.
	const tls = kind === 'http' ? undefined : (tlsFiles() ?? (kind === 'https' ? {} : undefined));
	const name = host || '127.0.0.1';
	// Node would take port 80 where the address has none; 2375 and 2376 are Docker's own.
	const number = Number(port ?? (tls ? 2376 : 2375));
	return {
		kind: 'tcp',
		host: name.replace(/^\[|\]$/g, ''),
		port: number,
		...(tls && {tls}),
		describe: `tcp://${name}:${number}`,
	};
}
