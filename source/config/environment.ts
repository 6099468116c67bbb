import {resolve} from 'node:path';
import {sanitize} from '../text/sanitize.ts';
import {ConfigError} from './error.ts';
import {type Environment, expandHome} from './folders.ts';
import type {Config} from './schema.ts';

type Nats = Config['nats'];

/**
What the variables of the NATS CLI say: NATS_URL, NATS_CONTEXT, NATS_USER, NATS_PASSWORD, NATS_TOKEN,
NATS_CREDS, NATS_NKEY, NATS_CA, NATS_CERT, NATS_KEY. An empty variable counts as unset. Relative paths count
from the working folder.

@param serverGiven - Whether a flag names the server, so that these need not.
@throws ConfigError where both NATS_URL and NATS_CONTEXT name a server.
*/
export function natsFromEnvironment(env: Environment, cwd: string, serverGiven = false): Partial<Nats> {
	const text = (name: string) => env[name] || undefined;
	const file = (name: string) => {
		const path = text(name);
		return path === undefined ? undefined : resolve(cwd, expandHome(path, env));
	};
	const nats: Partial<Nats> = {
		url: text('NATS_URL'),
		context: text('NATS_CONTEXT'),
		user: text('NATS_USER'),
		password: text('NATS_PASSWORD'),
		token: text('NATS_TOKEN'),
		creds: file('NATS_CREDS'),
		nkey: file('NATS_NKEY'),
	};
	if (nats.url !== undefined && nats.context !== undefined && !serverGiven) {
		// The NATS CLI would mix the two. Which server is purged must not depend on knowing that.
		throw new ConfigError('NATS_URL and NATS_CONTEXT are both set and name two servers; unset one of them.');
	}
	const tls = Object.entries({ca: file('NATS_CA'), cert: file('NATS_CERT'), key: file('NATS_KEY')}).filter(
		([, path]) => path !== undefined,
	);
	return tls.length > 0 ? {...nats, tls: Object.fromEntries(tls)} : nats;
}

/**
Whether JETMEDIC_READ_ONLY asks for read-only.

@throws ConfigError for a value that is neither yes nor no: a safety switch must not be guessed.
*/
export function isReadOnly(env: Environment): boolean {
	const value = env['JETMEDIC_READ_ONLY'] ?? '';
	if (/^(1|true|yes|on)$/i.test(value)) {
		return true;
	}
	if (/^(0|false|no|off|)$/i.test(value)) {
		return false;
	}
	throw new ConfigError(`JETMEDIC_READ_ONLY: expected 1 or 0, got "${sanitize(value, 40)}".`);
}
