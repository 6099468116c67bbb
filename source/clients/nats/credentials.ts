import {readFileSync} from 'node:fs';
import type {Authenticator} from 'nats';
import {ConfigError} from '../../config/error.ts';
import {describeFileFault} from '../../config/fault.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {whyUntrusted} from '../trusted-path.ts';

/**
Authenticates with a credentials file (a user JWT and its seed, as `nsc` writes it).

@throws ConfigError where it cannot be read or holds none.
*/
export async function credsFile(path: string): Promise<Authenticator> {
	const {credsAuthenticator} = await import('./library.ts');
	// The pattern of nats.js knows neither CRLF nor a last line without its end.
	const read = freshly(path, 'the credentials file', (text) => `${text.replace(/\r\n/g, '\n')}\n`);
	return proven(credsAuthenticator(read), path, 'a user JWT and its seed');
}

/**
Authenticates with a file that holds an nkey seed.

@throws ConfigError where it cannot be read or holds none.
*/
export async function nkeyFile(path: string): Promise<Authenticator> {
	const {nkeyAuthenticator} = await import('./library.ts');
	// Other lines may be comments or armour: the seed is known by its form.
	const read = freshly(path, 'the nkey file', (text) => /^\s*(S[A-Z2-7]{50,})\s*$/m.exec(text)?.[1] ?? '');
	return proven(nkeyAuthenticator(read), path, 'an nkey seed (SU...)');
}

/** Authenticates with a user JWT and, where the server challenges, its seed. */
export async function jwtAndSeed(jwt: string, seed: string | undefined): Promise<Authenticator> {
	const {jwtAuthenticator} = await import('./library.ts');
	const bytes = seed === undefined ? undefined : new TextEncoder().encode(seed.trim());
	const authenticator = jwtAuthenticator(jwt.trim(), bytes);
	try {
		authenticator('probe');
	} catch {
		throw new ConfigError('The user_seed of the NATS context is not an nkey seed.');
	}
	return authenticator;
}

/**
Reads the file anew for each handshake, since credentials are renewed in place. Where that fails the last
content is used: nats.js closes a connection for good when an authenticator throws (`processInfo` in
protocol.js), and a file is missing for a moment while it is replaced.
*/
function freshly(path: string, kind: string, prepare: (text: string) => string): () => Uint8Array {
	const load = () => new TextEncoder().encode(prepare(readFileSync(path, 'utf8')));
	let last: Uint8Array;
	try {
		last = load();
	} catch (error) {
		throw new ConfigError(`Cannot read ${kind} ${shown(path)}: ${describeFileFault(error)}.`);
	}
	refuseUntrusted(path, kind.replace(/^the /, ''));
	return () => {
		try {
			const next = load();
			last = next.some((byte) => byte > 32) ? next : last;
		} catch {
			// The last content stands.
		}
		return last;
	};
}

/**
Refuses a file that others can change: whoever writes it chooses as whom jetmedic speaks, or which server it believes.

@throws ConfigError with the reason and what to do.
*/
export function refuseUntrusted(path: string, kind: string): void {
	const reason = whyUntrusted(path);
	if (reason !== undefined) {
		throw new ConfigError(`The ${kind} is not used. ${reason}`);
	}
}

/** Tried once now, so that a wrong file is a sentence at the start and not a connection that closes. */
function proven(authenticator: Authenticator, path: string, content: string): Authenticator {
	const holdsNone = `${shown(path)} does not hold ${content}.`;
	let auth: ReturnType<Authenticator>;
	try {
		auth = authenticator('probe');
	} catch {
		throw new ConfigError(holdsNone);
	}
	if (!auth || !('nkey' in auth) || !auth.nkey) {
		throw new ConfigError(holdsNone);
	}
	return authenticator;
}

/** A seed in the place of its file's name is hidden, too. */
const shown = (path: string): string => sanitize(redact(sanitize(path)), 300);
