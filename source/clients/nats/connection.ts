import {connect, type NatsConnection} from 'nats';
import {ConfigError} from '../../config/error.ts';
import type {Config} from '../../config/schema.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {awaitGreeting} from './greeting.ts';
import {natsOptions} from './options.ts';

/**
Connects once, by the configuration. The connection does not come back by itself once it is lost: whoever
watches connects anew, and knows so at once which of the two it is.

@throws when no server can be reached or one refuses; see `describeNatsError`.
*/
export async function connectNats(
	config: Config['nats'],
	env: NodeJS.ProcessEnv = process.env,
): Promise<NatsConnection> {
	const {options} = await natsOptions(config, env);
	const servers = [options.servers ?? []].flat();
	// With the handshake first, the server waits for the client's.
	const speaksFirst = !(typeof options.tls === 'object' && options.tls?.handshakeFirst);
	if (speaksFirst && servers.length > 0) {
		await Promise.any(servers.map((server) => awaitGreeting(server))).catch((error: AggregateError) => {
			throw error.errors[0];
		});
	}
	return connect({...options, reconnect: false});
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
