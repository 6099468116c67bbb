import {ConfigError} from './error.ts';

export type NatsServers = {
	/** `nats://host:port`, without credentials. */
	servers: string[];
	/** Whether an address asks for TLS (`tls://`). */
	tls: boolean;
	user?: string;
	password?: string;
	token?: string;
};

const address = /^(?:([a-z]+):\/\/)?(?:(.*)@)?(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?\/?$/i;

/**
Comma-separated NATS addresses taken apart: `nats://user:pass@host:4222`, `tls://token@host`, `host`. As with
the other NATS clients, a user without a password is a token. nats.js ignores credentials in an address, and
prints it in its messages, so they must not stay there.

@throws ConfigError without any part of the address, since it may hold a password.
*/
export function parseNatsServers(url: string): NatsServers {
	const result: NatsServers = {servers: [], tls: false};
	const entries = url.split(',').map((entry) => entry.trim());
	const wanted = entries.filter((entry) => entry !== '');
	if (wanted.length === 0) {
		throw new ConfigError('The NATS address is empty; expected nats://host:port.');
	}
	let credentials: string | undefined;
	for (const [index, entry] of wanted.entries()) {
		const which = wanted.length === 1 ? 'The NATS address' : `NATS address ${index + 1} of ${wanted.length}`;
		const [, scheme = 'nats', userInfo, host, port = '4222'] = address.exec(entry) ?? [];
		if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
			throw new ConfigError(
				`${which} is not of the form nats://host:port (a comma, slash or @ in a password is written as %2C, %2F, %40).`,
			);
		}
		const kind = scheme.toLowerCase();
		if (kind !== 'nats' && kind !== 'tls') {
			throw new ConfigError(`${which} is not one for nats:// or tls://; nothing else is spoken here.`);
		}
		result.tls ||= kind === 'tls';
		result.servers.push(`${kind}://${host}:${Number(port)}`);
		if (userInfo) {
			if (credentials !== undefined && credentials !== userInfo) {
				throw new ConfigError(
					'The NATS addresses carry different credentials; one connection can only use one.',
				);
			}
			credentials = userInfo;
		}
	}
	return {...result, ...split(credentials)};
}

function split(userInfo: string | undefined): Pick<NatsServers, 'user' | 'password' | 'token'> {
	if (!userInfo) {
		return {};
	}
	const colon = userInfo.indexOf(':');
	return colon === -1
		? {token: decode(userInfo)}
		: {user: decode(userInfo.slice(0, colon)), password: decode(userInfo.slice(colon + 1))};
}

/** A lone `%` in a password is nobody's encoding. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
