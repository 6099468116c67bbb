import {access, constants} from 'node:fs/promises';
import type {Authenticator, ConnectionOptions, TlsOptions} from 'nats';
import {ConfigError} from '../../config/error.ts';
import {describeFileFault} from '../../config/fault.ts';
import type {Environment} from '../../config/folders.ts';
import type {Config} from '../../config/schema.ts';
import {parseNatsServers} from '../../config/servers.ts';
import {ownConnection} from '../../state/nats-users.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {type NatsContext, readNatsContext} from './context.ts';
import {credsFile, jwtAndSeed, nkeyFile, refuseUntrusted} from './credentials.ts';

type Nats = Config['nats'];

export type NatsOptions = {
	options: ConnectionOptions;
	/** The addresses for the screen, without any secret: `nats://a:4222,nats://b:4222`. */
	shownUrl: string;
};

/**
How the connection behaves, measured in an outage: with the library's defaults it closes for good after 18.6 s
and never notices a server that hangs; with these it is back within 0.3 s of the server, and a hung one is
noticed in 10.3 s. Two failed authentications would close it for good too, although credentials are also
refused while a server starts or an account is renewed.
*/
const fixed = {
	name: ownConnection,
	maxReconnectAttempts: -1,
	reconnectTimeWait: 250,
	reconnectJitter: 0,
	reconnectJitterTLS: 0,
	pingInterval: 5000,
	maxPingOut: 2,
	timeout: 3000,
	waitOnFirstConnect: false,
	ignoreAuthErrorAbort: true,
} satisfies ConnectionOptions;

/**
The connection options of nats.js for a configuration.

- With `context` the address and credentials are those of the NATS CLI's context; credentials and TLS files
  beside it (they come from the environment) go before the context's own. The precedence within a context is
  the CLI's: user, creds, nkey, user_jwt. A token goes along with any of them, as there.
- Credentials in an address go before all others, as in the other NATS clients. They are taken out of it.
- A user without a password is sent as a token too: the CLI's NATS_USER is "username or token".

The files of nkeys and credentials are read now and again at each handshake; those of TLS by the library.

@throws ConfigError in the words of an operator, without any secret.
*/
export async function natsOptions(nats: Nats, env: Environment): Promise<NatsOptions> {
	const settings = await settingsOf(nats, env);
	const {servers, tls: wantsTls, ...inAddress} = parseNatsServers(settings.url ?? 'nats://127.0.0.1:4222');
	const tls = await tlsOptions(settings, wantsTls);
	const hasInAddress = inAddress.user !== undefined || inAddress.token !== undefined;
	return {
		shownUrl: servers.map((server) => sanitize(server, 200)).join(','),
		options: {
			...fixed,
			servers,
			...(hasInAddress ? passwordOptions(inAddress) : await authentication(settings)),
			...(tls && {tls}),
			...inbox(settings),
		},
	};
}

async function settingsOf(nats: Nats, env: Environment): Promise<NatsContext> {
	const {url, user, password, token, nkey, creds, tls, inboxPrefix} = nats;
	const files = {ca: tls?.ca, cert: tls?.cert, key: tls?.key};
	if (nats.context === undefined) {
		return {url, user, password, token, nkey, creds, ...files, tlsFirst: tls?.first, inboxPrefix};
	}
	const context = await readNatsContext(nats.context, env);
	const merged: NatsContext = {
		...context,
		ca: files.ca ?? context.ca,
		cert: files.cert ?? context.cert,
		key: files.key ?? context.key,
		tlsFirst: tls?.first ?? context.tlsFirst,
		password: password ?? context.password,
		inboxPrefix: inboxPrefix ?? context.inboxPrefix,
	};
	if ((user ?? token ?? nkey ?? creds) === undefined) {
		return merged;
	}
	const bare = context.url === undefined ? undefined : parseNatsServers(context.url).servers.join(',');
	return {...merged, url: bare, user, password, token, nkey, creds, userJwt: undefined, userSeed: undefined};
}

type Password = Pick<NatsContext, 'user' | 'password' | 'token'>;

function passwordOptions({user, password, token}: Password): ConnectionOptions {
	if (user !== undefined && password === undefined) {
		return {user, token: token ?? user};
	}
	return {...(user !== undefined && {user, pass: password}), ...(token !== undefined && {token})};
}

async function authentication(settings: NatsContext): Promise<ConnectionOptions> {
	if (settings.user !== undefined) {
		return passwordOptions(settings);
	}
	const authenticator = await keys(settings);
	const token = settings.token === undefined ? {} : {token: settings.token};
	return authenticator ? {...token, authenticator} : token;
}

async function keys({creds, nkey, userJwt, userSeed}: NatsContext): Promise<Authenticator | undefined> {
	if (creds !== undefined) {
		return credsFile(creds);
	}
	if (nkey !== undefined) {
		return nkeyFile(nkey);
	}
	return userJwt === undefined ? undefined : jwtAndSeed(userJwt, userSeed);
}

async function tlsOptions(settings: NatsContext, wanted: boolean): Promise<TlsOptions | undefined> {
	const {ca, cert, key, tlsFirst} = settings;
	if ((cert === undefined) !== (key === undefined)) {
		const [has, lacks] = cert === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
		throw new ConfigError(`The TLS ${has} of the NATS client is given without its ${lacks}.`);
	}
	const files = {ca: 'CA certificate', cert: 'client certificate', key: 'client key'} as const;
	for (const [part, kind] of Object.entries(files) as [keyof typeof files, string][]) {
		const path = settings[part];
		if (path !== undefined) {
			await mustBeReadable(path, kind);
		}
	}
	if (!wanted && !tlsFirst && ca === undefined && cert === undefined) {
		return undefined;
	}
	return {
		...(ca !== undefined && {caFile: ca}),
		...(cert !== undefined && {certFile: cert, keyFile: key}),
		...(tlsFirst && {handshakeFirst: true}),
	};
}

/** The library reads it at each handshake; here only so that a wrong path is a sentence at the start. */
async function mustBeReadable(path: string, kind: string): Promise<void> {
	try {
		await access(path, constants.R_OK);
	} catch (error) {
		const why = describeFileFault(error);
		throw new ConfigError(`Cannot read the ${kind} ${sanitize(redact(path), 300)}: ${why}.`, {cause: error});
	}
	refuseUntrusted(path, kind);
}

function inbox({inboxPrefix}: NatsContext): ConnectionOptions {
	if (inboxPrefix === undefined) {
		return {};
	}
	if (!/^[^\s.*>]+(?:\.[^\s.*>]+)*$/.test(inboxPrefix)) {
		throw new ConfigError('The inbox_prefix of the NATS context is not a subject without wildcards.');
	}
	return {inboxPrefix};
}
