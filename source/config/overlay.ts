import type {Config} from './schema.ts';
import {type NatsServers, parseNatsServers} from './servers.ts';

type Nats = Config['nats'];

const credentials = ['user', 'password', 'token', 'nkey', 'creds'] as const;

/**
The NATS settings of one layer (profile, file, environment, flags) with those of a higher one over them. More
than key by key, because some belong together:

- A context takes the place of the address and of all credentials below it, and an address that of a context.
- A user, token, nkey or credentials file takes the place of all credentials below, also of those in the
  address. A password alone belongs to the user below: the file names the user, the environment the password.
- The credentials of a layer are for the server that it names: if a higher one names another (by host and port), they are not
  sent there, nor is the user of the system account, and `withheldFor` says whose they are. Who sets NATS_URL in a shell, or
  copies a line with --nats-url, would else hand the password of production to whatever listens there.
- The monitoring address, the other servers of the cluster and the user of the system account are those of the server below. They go when the
  server becomes another one, because the figures of two servers in one picture are worse than none; `localhost` and `127.0.0.1` are the same one.
*/
export function overlayNats(below: Nats, above: Partial<Nats>): Nats {
	const given = Object.fromEntries(
		Object.entries(above).filter(([, value]) => value !== undefined),
	) as Partial<Nats>;
	const result: Nats = {...below, ...given};
	if (below.tls && given.tls) {
		result.tls = {...below.tls, ...given.tls};
	}
	if (given.context === undefined && given.url !== undefined) {
		delete result.context;
	}
	if (given.context !== undefined || bringsCredentials(given)) {
		for (const key of credentials) {
			if (given[key] === undefined) {
				delete result[key];
			}
		}
		if (given.url === undefined) {
			result.url = withoutCredentials(result.url);
		}
	}
	if (given.url !== undefined && given.context === undefined && !isSameServer(below, given.url)) {
		withhold(result, below, given);
	}
	if (isElsewhere(below, given)) {
		for (const key of ['monitor', 'peers', 'system'] as const) {
			if (given[key] === undefined) {
				delete result[key];
			}
		}
	}
	return result;
}

function bringsCredentials(nats: Partial<Nats>): boolean {
	const inAddress = nats.url === undefined ? undefined : tryParse(nats.url);
	return Boolean(nats.user ?? nats.token ?? nats.nkey ?? nats.creds ?? inAddress?.token ?? inAddress?.user);
}

/** Takes out what was for the server below. A user alone is no secret: it is kept for a password that is given with the address. */
function withhold(result: Nats, below: Nats, given: Partial<Nats>): void {
	let wasThere = (below.withheldFor ?? below.context) !== undefined || bringsCredentials({url: below.url});
	for (const key of [...credentials, 'system'] as const) {
		const isNeeded = key === 'user' && given.password !== undefined;
		if (given[key] === undefined && result[key] !== undefined && !isNeeded) {
			delete result[key];
			wasThere = true;
		}
	}
	if (wasThere && !bringsCredentials(given)) {
		result.withheldFor =
			below.withheldFor ??
			(below.context === undefined ? withoutCredentials(below.url) : `context ${below.context}`);
	} else {
		delete result.withheldFor;
	}
}

/** Whether each server of an address is one of those below, and TLS is demanded of it as it was. */
function isSameServer({url: below, context}: Nats, url: string): boolean {
	const known = new Set(addresses(below));
	const wanted = addresses(url);
	const isWeaker = tryParse(below)?.tls === true && tryParse(url)?.tls !== true;
	return (
		context === undefined && wanted.length > 0 && !isWeaker && wanted.every((address) => known.has(address))
	);
}

const addresses = (url: string): string[] =>
	(tryParse(url)?.servers ?? []).map((server) => {
		const {hostname, port} = new URL(server);
		return `${host(hostname)}:${port}`;
	});

function isElsewhere(below: Nats, above: Partial<Nats>): boolean {
	if (above.context !== undefined) {
		return above.context !== below.context;
	}
	if (above.url === undefined) {
		return false;
	}
	const monitor = below.monitor === undefined ? [] : [new URL(below.monitor).hostname];
	const same = new Set([...hosts(below.url), ...monitor].map(host));
	return !hosts(above.url).some((name) => same.has(host(name)));
}

const host = (name: string): string =>
	['localhost', '[::1]'].includes(name) || name.startsWith('127.') ? '127.0.0.1' : name.toLowerCase();

const hosts = (url: string): string[] =>
	(tryParse(url)?.servers ?? []).map((server) => new URL(server).hostname);

const withoutCredentials = (url: string): string => tryParse(url)?.servers.join(',') ?? url;

/** An address that cannot be used is reported where the connection is made. */
function tryParse(url: string): NatsServers | undefined {
	try {
		return parseNatsServers(url);
	} catch {
		return undefined;
	}
}
