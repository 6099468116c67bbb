import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {ConfigError} from '../../config/error.ts';
import {describeFileFault} from '../../config/fault.ts';
import {configFolder, type Environment, expandHome} from '../../config/folders.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {whyUntrusted} from '../trusted-path.ts';

/** A context of the NATS CLI; paths have their `~` replaced, and what is empty is left out. */
export type NatsContext = {
	url?: string;
	user?: string;
	password?: string;
	token?: string;
	creds?: string;
	nkey?: string;
	userJwt?: string;
	userSeed?: string;
	ca?: string;
	cert?: string;
	key?: string;
	tlsFirst?: boolean;
	inboxPrefix?: string;
};

/**
Reads `$XDG_CONFIG_HOME/nats/context/<name>.json` (ADR-21 of nats-architecture-and-design).

@throws ConfigError where there is none of this name (the message names those that exist), where it cannot be
read or others can change it, and where it needs what only the NATS CLI can do (nsc, a SOCKS proxy, other stores of credentials).
*/
export async function readNatsContext(name: string, env: Environment): Promise<NatsContext> {
	const folder = join(configFolder(env), 'nats', 'context');
	const shown = `NATS context "${sanitize(name, 100)}"`;
	// The rule of the NATS CLI: a name is one part of a path.
	if (name === '' || name.includes('..') || /[/\\]/.test(name)) {
		throw new ConfigError(`The ${shown} is not a name of a context.`);
	}
	const path = join(folder, `${name}.json`);
	const file = sanitize(path, 300);

	let fields: unknown;
	try {
		fields = JSON.parse(await readFile(path, 'utf8'));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			throw new ConfigError(`There is no ${shown}: no file ${file}. ${await existing(folder)}`);
		}
		// The parser's message quotes the text, and with it a password.
		const why = error instanceof SyntaxError ? 'it is not JSON' : describeFileFault(error);
		throw new ConfigError(`Cannot read the ${shown}: ${file}: ${why}.`, {
			cause: error instanceof SyntaxError ? undefined : error,
		});
	}
	const untrusted = whyUntrusted(path);
	if (untrusted !== undefined) {
		throw new ConfigError(`The ${shown} is not used. ${untrusted}`);
	}
	if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
		throw new ConfigError(`Cannot read the ${shown}: ${file}: it is not a JSON object.`);
	}

	const all = fields as Record<string, unknown>;
	const text = (key: string): string | undefined => {
		const value = Object.hasOwn(all, key) ? all[key] : undefined;
		if (value !== undefined && value !== null && typeof value !== 'string') {
			throw new ConfigError(`The ${shown} cannot be used: ${key} in ${file} is not text.`);
		}
		return value || undefined;
	};
	for (const key of ['nsc', 'socks_proxy']) {
		if (text(key) !== undefined) {
			throw new ConfigError(
				`The ${shown} cannot be used: it has ${key}, which only the NATS CLI understands.`,
			);
		}
	}
	const filePath = (key: string): string | undefined => {
		const value = text(key)?.replace(/^file:\/\//, '');
		if (value !== undefined && /^[a-z]+:\/\//i.test(value)) {
			throw new ConfigError(`The ${shown} cannot be used: its ${key} is not a file.`);
		}
		return value === undefined ? undefined : expandHome(value, env);
	};
	return {
		url: text('url'),
		user: text('user'),
		password: text('password'),
		token: text('token'),
		creds: filePath('creds'),
		nkey: filePath('nkey'),
		userJwt: text('user_jwt'),
		userSeed: text('user_seed'),
		ca: filePath('ca'),
		cert: filePath('cert'),
		key: filePath('key'),
		tlsFirst: all['tls_first'] === true,
		inboxPrefix: text('inbox_prefix'),
	};
}

async function existing(folder: string): Promise<string> {
	const files = await readdir(folder).catch(() => []);
	const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
	return names.length > 0
		? `Those that exist: ${sanitize(redact(sanitize(names.sort().join(', '))), 400)}.`
		: 'There are no contexts; make one with `nats context add`.';
}
