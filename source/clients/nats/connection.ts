import {connect, type NatsConnection} from 'nats';
import {ConfigError} from '../../config/error.ts';
import type {Config} from '../../config/schema.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {awaitGreeting} from './greeting.ts';
import {natsOptions} from './options.ts';

/**
Connects once, by the configuration. The connection does not come back by itself once it is lost: whoever
watches connects anew, and knows so at once which of the two it is. Of several addresses the first whose server
speaks is taken: the library would try them in any order, and wait seconds for one that hangs.

@param avoid - `host:port` that is taken only where no other speaks: its server was of no use a moment ago.
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
	if (speaksFirst && servers.length > 0) {
		const spoken = await firstToSpeak(servers, avoid);
		// The others stay: the one that spoke may turn the client away.
		servers.sort((a, b) => Number(b === spoken) - Number(a === spoken));
	}
	return connect({...options, servers, noRandomize: true, reconnect: false});
}

const inOrder = (servers: string[], avoid: string | undefined): string[] =>
	[...servers].sort((a, b) => Number(isAt(a, avoid)) - Number(isAt(b, avoid)));

const isAt = (server: string, address: string | undefined): boolean =>
	address !== undefined && server.replace(/^[a-z]+:\/\//, '') === address;

/** @throws the first server's error where none speaks. */
async function firstToSpeak(servers: string[], avoid: string | undefined): Promise<string> {
	const greeted = (list: string[]): Promise<string> =>
		Promise.any(list.map((server) => awaitGreeting(server).then(() => server)));
	const others = servers.filter((server) => !isAt(server, avoid));
	const preferred = others.length === 0 ? undefined : await greeted(others).catch(() => undefined);
	return (
		preferred ??
		greeted(servers).catch((error: AggregateError) => {
			throw error.errors[0];
		})
	);
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
	const {code, message} = error as {code?: string; message?: string};
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
	return `Cannot use NATS at ${shownUrl}: ${reason}.`;
}
