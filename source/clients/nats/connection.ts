import {connect, type NatsConnection} from 'nats';
import {ConfigError} from '../../config/error.ts';
import type {Config} from '../../config/schema.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {awaitGreeting, type Greeting} from './greeting.ts';
import {natsOptions} from './options.ts';
import {tlsFor} from './tls-identity.ts';
import {firstUseful} from './useful.ts';

export type {NatsConnection} from 'nats';

/**
Connects once, by the configuration. The connection does not come back by itself once it is lost: whoever
watches connects anew, and knows so at once which of the two it is. Of several addresses the first is taken whose
server speaks and answers for JetStream: the library would try them in any order, wait seconds for one that hangs,
and be content with one that is cut off from its cluster.

@param avoid - `host:port` that is taken only where no other is of use: its server was of none a moment ago.
@throws when no server can be reached or one refuses; see `describeNatsError`.
*/
export async function connectNats(
	config: Config['nats'],
	env: NodeJS.ProcessEnv = process.env,
	avoid?: string,
): Promise<NatsConnection> {
	const {options} = await natsOptions(config, env);
	const servers = inOrder([options.servers ?? []].flat(), avoid);
	// With the handshake first, the server waits for the client's.
	const speaksFirst = !(typeof options.tls === 'object' && options.tls?.handshakeFirst);
	const spoken: Spoken =
		speaksFirst && servers.length > 0
			? await thoseThatSpeak(servers)
			: new Map(servers.map((one) => [one, {offersTls: false}]));
	const connectTo = (server: string): Promise<NatsConnection> => {
		const tls = tlsFor(server, options.tls, spoken.get(server)?.offersTls === true);
		return connect({...options, ...(tls && {tls}), servers: [server], reconnect: false}).catch(
			(error: unknown) => {
				throw isRefusal(error) ? withNote(error, config.withheldFor) : error;
			},
		);
	};
	const [first = ''] = servers;
	return servers.length <= 1 ? connectTo(first) : firstUseful([...spoken.keys()], connectTo);
}

/** Connects, does `work`, and closes, whatever happens. @throws as `connectNats`, or what `work` throws. */
export async function withNats<T>(
	config: Config['nats'],
	env: NodeJS.ProcessEnv,
	work: (connection: NatsConnection) => Promise<T>,
): Promise<T> {
	const connection = await connectNats(config, env);
	try {
		return await work(connection);
	} finally {
		await connection.close().catch(() => {});
	}
}
type Spoken = ReadonlyMap<string, Greeting>;

const inOrder = (servers: string[], avoid: string | undefined): string[] =>
	[...servers].sort((a, b) => Number(isAt(a, avoid)) - Number(isAt(b, avoid)));

const isAt = (server: string, address: string | undefined): boolean =>
	address !== undefined && server.replace(/^[a-z]+:\/\//, '') === address;

/** How long after the first one the others may still speak; a hung one never does. */
const othersMs = 200;

/**
Those of the servers that speak, in their order.

@throws the first server's error where none does.
*/
async function thoseThatSpeak(servers: readonly string[]): Promise<Spoken> {
	const spoken = new Map<string, Greeting>();
	const greetings = servers.map((server) =>
		awaitGreeting(server).then((greeting) => void spoken.set(server, greeting)),
	);
	await Promise.any(greetings).catch((error: AggregateError) => {
		throw error.errors[0];
	});
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([
		Promise.allSettled(greetings),
		new Promise<void>((resolve) => {
			timer = setTimeout(resolve, othersMs);
		}),
	]);
	clearTimeout(timer);
	return new Map(
		servers.flatMap((server) => {
			const greeting = spoken.get(server);
			return greeting === undefined ? [] : [[server, greeting] as const];
		}),
	);
}

/** An error that says that the server may refuse because it did not get the credentials of another one. */
function withNote(error: unknown, withheldFor: string | undefined): unknown {
	if (withheldFor === undefined || !(error instanceof Error)) {
		return error;
	}
	const note = `The configured credentials are for ${sanitize(withheldFor, 200)} and were not sent. Set those of this server with NATS_USER and NATS_PASSWORD, NATS_CREDS or --nats-context.`;
	return Object.assign(error, {note});
}

/** Whether the server is there and turns the client away, which no waiting mends. */
export function isRefusal(error: unknown): boolean {
	return /authori[sz]ation|authentication|AUTHENTICATION|account.*expired|certificate|secure connection/i.test(
		`${(error as {code?: string}).code ?? ''} ${(error as Error).message ?? ''}`,
	);
}

/** Why the server can't be used, in the words of an operator, without a secret. */
export function describeNatsError(error: unknown, shownUrl: string): string {
	if (error instanceof ConfigError) {
		return error.message;
	}
	const {code, message, note} = error as {code?: string; message?: string; note?: string};
	const reasons: Record<string, string> = {
		CONNECTION_REFUSED: 'connection refused',
		ECONNREFUSED: 'connection refused',
		TIMEOUT: 'no answer in time',
		CONNECTION_TIMEOUT: 'no answer in time',
		AUTHORIZATION_VIOLATION: 'the server refuses these credentials',
		BAD_AUTHENTICATION: 'the server refuses these credentials',
		AUTHENTICATION_EXPIRED: 'the credentials have expired',
		ENOTFOUND: 'host name not found',
	};
	const reason = reasons[code ?? ''] ?? redact(sanitize(message || String(error), 160));
	return [`Cannot use NATS at ${shownUrl}: ${reason}.`, note].filter(Boolean).join(' ');
}
