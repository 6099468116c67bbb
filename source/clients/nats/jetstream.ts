import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {parseExactly} from '../../text/exact-json.ts';
import {sanitize} from '../../text/sanitize.ts';
import {JetStreamError, NoAnswerError} from './api-error.ts';
import {
	accountSchema,
	apiErrorSchema,
	type ConsumerInfo,
	consumerInfoSchema,
	type StreamInfo,
	streamInfoSchema,
} from './schema.ts';

export {ErrorCode, JetStreamError, NoAnswerError} from './api-error.ts';

const encoder = new TextEncoder();

/**
One request to the JetStream API, as raw JSON: the library's own calls hide fields of the answers.

@param subject - Without the `$JS.API.` in front.
@throws JetStreamError for a refusal; NoAnswerError where there is no answer.
*/
export const request = <T extends z.ZodType>(
	connection: NatsConnection,
	subject: string,
	body: unknown,
	schema: T,
	timeoutMs = 3000,
): Promise<z.infer<T>> => ask(connection, subject, body, schema, timeoutMs, JSON.parse);

/** As `request`, for an answer that goes back to a server one day: see `parseExactly`. */
export const requestExactly = <T extends z.ZodType>(
	connection: NatsConnection,
	subject: string,
	body: unknown,
	schema: T,
	timeoutMs = 3000,
): Promise<z.infer<T>> => ask(connection, subject, body, schema, timeoutMs, parseExactly);

async function ask<T extends z.ZodType>(
	connection: NatsConnection,
	subject: string,
	body: unknown,
	schema: T,
	timeoutMs: number,
	parse: (text: string) => unknown,
): Promise<z.infer<T>> {
	let answer: unknown;
	try {
		const message = await connection.request(
			`$JS.API.${subject}`,
			body === undefined ? undefined : encoder.encode(JSON.stringify(body)),
			{timeout: timeoutMs},
		);
		answer = parse(message.string());
	} catch (error) {
		throw asNoAnswer(subject, error);
	}
	throwRefusal(subject, answer);
	return schema.parse(answer);
}

/** @throws JetStreamError where an answer of the API is a refusal. */
export function throwRefusal(what: string, answer: unknown): void {
	const refusal = apiErrorSchema.safeParse(answer).data?.error;
	if (refusal) {
		throw new JetStreamError(what, refusal.code, refusal.err_code ?? 0, refusal.description);
	}
}

/** Why a request got no answer, from the library's error; any other error as it is. */
export function asNoAnswer(what: string, error: unknown): Error {
	const code = String((error as {code?: unknown}).code ?? '');
	switch (code) {
		case 'TIMEOUT':
			return new NoAnswerError(what, 'timeout');
		case '503':
			return new NoAnswerError(what, 'no-responders');
		case 'PERMISSIONS_VIOLATION':
			return new NoAnswerError(what, 'denied', sanitize(String((error as Error).message), 200));
		case 'CONNECTION_CLOSED':
		case 'DISCONNECT':
		case 'CONNECTION_DRAINING':
			return new NoAnswerError(what, 'disconnected');
		default:
			return error instanceof Error ? error : new Error(String(error));
	}
}

const page = z.object({
	total: z.number().catch(0),
	offset: z.number().catch(0),
	limit: z.number().catch(0),
	missing: z.array(z.string()).nullish().catch(undefined),
});
const streamPage = page.extend({streams: z.array(z.unknown()).nullish()});
const consumerPage = page.extend({consumers: z.array(z.unknown()).nullish()});

/**
All streams of the account: `$JS.API.STREAM.LIST`, all pages, at most `max`; and the names of those that are there
and that no server of the cluster answers for.
*/
export async function readStreams(
	connection: NatsConnection,
	timeoutMs?: number,
	max = 5000,
): Promise<{streams: StreamInfo[]; missing: string[]}> {
	const streams: StreamInfo[] = [];
	const missing = new Set<string>();
	for (let offset = 0; offset < max; ) {
		const answer = await request(connection, 'STREAM.LIST', {offset}, streamPage, timeoutMs);
		const rows = answer.streams ?? [];
		streams.push(...rows.flatMap((row) => streamInfoSchema.safeParse(row).data ?? []));
		addNames(missing, answer.missing);
		// A page counts those that are missing from it too.
		offset += rows.length + (answer.missing?.length ?? 0);
		if (rows.length === 0 || offset >= answer.total) {
			break;
		}
	}
	return {streams, missing: [...missing]};
}

/** As `readStreams`, without the names of those that nobody answers for. */
export const listStreams = async (...given: Parameters<typeof readStreams>): Promise<StreamInfo[]> =>
	(await readStreams(...given)).streams;

/**
The consumers of a stream: `$JS.API.CONSUMER.LIST.<stream>`, all pages, at most `max`; and the names of those that
are there and that no server of the cluster answers for.
*/
export async function readConsumers(
	connection: NatsConnection,
	stream: string,
	timeoutMs?: number,
	max = 2000,
): Promise<{consumers: ConsumerInfo[]; missing: string[]}> {
	const consumers: ConsumerInfo[] = [];
	const missing = new Set<string>();
	for (let offset = 0; offset < max; ) {
		const answer = await request(connection, `CONSUMER.LIST.${stream}`, {offset}, consumerPage, timeoutMs);
		const rows = answer.consumers ?? [];
		consumers.push(...rows.flatMap((row) => consumerInfoSchema.safeParse(row).data ?? []));
		addNames(missing, answer.missing);
		offset += rows.length + (answer.missing?.length ?? 0);
		if (rows.length === 0 || offset >= answer.total) {
			break;
		}
	}
	return {consumers, missing: [...missing]};
}

/** As `readConsumers`, without the names of those that nobody answers for. */
export const listConsumers = async (...given: Parameters<typeof readConsumers>): Promise<ConsumerInfo[]> =>
	(await readConsumers(...given)).consumers;

const maxMissing = 1000;

function addNames(to: Set<string>, names: readonly string[] | null | undefined): void {
	for (const name of names ?? []) {
		if (to.size < maxMissing) {
			to.add(sanitize(name, 300));
		}
	}
}

/** `$JS.API.STREAM.INFO.<stream>`. @throws JetStreamError 10059 where there is no such stream. */
export const streamInfo = (
	connection: NatsConnection,
	stream: string,
	timeoutMs?: number,
): Promise<StreamInfo> =>
	request(connection, `STREAM.INFO.${stream}`, undefined, streamInfoSchema, timeoutMs);

/** `$JS.API.CONSUMER.INFO.<stream>.<consumer>`. @throws JetStreamError 10014 where there is no such consumer. */
export const consumerInfo = (
	connection: NatsConnection,
	stream: string,
	consumer: string,
	timeoutMs?: number,
): Promise<ConsumerInfo> =>
	request(connection, `CONSUMER.INFO.${stream}.${consumer}`, undefined, consumerInfoSchema, timeoutMs);

/** `$JS.API.INFO`: what the account uses and may use. */
export const accountInfo = (
	connection: NatsConnection,
	timeoutMs?: number,
): Promise<z.infer<typeof accountSchema>> => request(connection, 'INFO', undefined, accountSchema, timeoutMs);
