import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {parseExactly} from '../../text/exact-json.ts';
import {sanitize} from '../../text/sanitize.ts';
import {parseBounded} from '../bounded-json.ts';
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

/** There is an answer, and it is none to what was asked: empty, cut, of another kind or about something else. */
export class UnreadableAnswer extends Error {
	override name = 'UnreadableAnswer';

	constructor(what: string, why: string) {
		super(`${what}: could not be read: ${why}`);
	}
}

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
): Promise<z.infer<T>> => ask(connection, subject, body, schema, timeoutMs);

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
	parse?: (text: string) => unknown,
): Promise<z.infer<T>> {
	let text: string;
	try {
		const message = await connection.request(
			`$JS.API.${subject}`,
			body === undefined ? undefined : encoder.encode(JSON.stringify(body)),
			{timeout: timeoutMs},
		);
		text = message.string();
	} catch (error) {
		throw asNoAnswer(subject, error);
	}
	const answer = readAnswer(subject, text, parse);
	throwRefusal(subject, answer);
	const {data, error} = schema.safeParse(answer);
	if (error) {
		const [issue] = error.issues;
		const where = issue?.path.join('.') || 'the answer';
		throw new UnreadableAnswer(subject, sanitize(`${where} has an unexpected value`, 120));
	}
	return data;
}

function readAnswer(subject: string, text: string, parse: ((text: string) => unknown) | undefined): unknown {
	let answer: unknown;
	try {
		answer = parseBounded(text, {...(parse && {parse})});
	} catch (error) {
		throw new UnreadableAnswer(subject, (error as Error).message);
	}
	const type = typeOf(answer);
	const wanted = answerType(subject);
	if (type !== undefined && wanted !== undefined && type !== wanted) {
		throw new UnreadableAnswer(subject, 'the answer belongs to another request');
	}
	return answer;
}

/** `io.nats.jetstream.api.v1.stream_list_response` without what all have in common. Undefined if it has none. */
function typeOf(answer: unknown): string | undefined {
	const {type} = (answer ?? {}) as {type?: unknown};
	return typeof type === 'string'
		? /^io\.nats\.jetstream\.api\.v1\.(.*)_response$/.exec(type)?.[1]
		: undefined;
}

/** What the answer to a request that only reads calls itself; of the others the outcome matters more than the name. */
function answerType(subject: string): string | undefined {
	return subject === 'INFO'
		? 'account_info'
		: /^(STREAM|CONSUMER)\.(INFO|LIST|NAMES)\b/.exec(subject)?.[0].replace('.', '_').toLowerCase();
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
	total: z.number(),
	offset: z.number(),
	limit: z.number(),
	missing: z.array(z.string()).nullish(),
});
const streamPage = page.extend({streams: z.array(z.unknown()).nullable()});
const consumerPage = page.extend({consumers: z.array(z.unknown()).nullable()});

/** What a list lacks: then nothing that is not in it is gone. */
export type Listed = {
	/** How many the server says there are. */
	total: number;
	/** How many of them were read, or are known to have nobody who answers for them. */
	read: number;
	/** The names of rows that could not be read, as far as they have one. */
	unread: string[];
	/** Why the list ended before its end. */
	error?: string;
};

/** Whether everything that there is was read. */
export const isWhole = ({total, read, unread, error}: Listed): boolean =>
	read >= total && unread.length === 0 && error === undefined;

type Rows<T> = {rows: T[]; missing: string[]} & Listed;

/**
All pages of a list, at most `max` rows. What follows on a page that cannot be read is not read; what was read before it is.

@param parse - A row of it; undefined if it cannot be read.
@throws as `request` if not even the first page can be read.
*/
async function readPages<T>(
	ask: (offset: number) => Promise<z.infer<typeof page> & {rows: unknown[]}>,
	parse: (row: unknown) => T | undefined,
	max: number,
): Promise<Rows<T>> {
	const rows: T[] = [];
	const missing = new Set<string>();
	const unread = new Set<string>();
	let offset = 0;
	let total = 0;
	for (;;) {
		let answer: Awaited<ReturnType<typeof ask>>;
		try {
			answer = await ask(offset);
		} catch (error) {
			if (offset === 0) {
				throw error;
			}
			const text = sanitize((error as Error).message, 200);
			return {rows, missing: [...missing], unread: [...unread], total, read: offset, error: text};
		}
		total = answer.total;
		for (const row of answer.rows) {
			const parsed = parse(row);
			if (parsed === undefined) {
				addNames(unread, [nameOf(row)]);
			} else {
				rows.push(parsed);
			}
		}
		addNames(missing, answer.missing);
		// A page counts those that are missing from it too.
		const count = answer.rows.length + (answer.missing?.length ?? 0);
		offset += count;
		if (count === 0 || offset >= total || offset >= max) {
			return {rows, missing: [...missing], unread: [...unread], total, read: offset};
		}
	}
}

/** The name of a row that cannot be read as a whole. */
function nameOf(row: unknown): string {
	const {name, config} = (row ?? {}) as {name?: unknown; config?: {name?: unknown} | null};
	const found = typeof name === 'string' ? name : config?.name;
	return typeof found === 'string' ? found : '?';
}

/** So many streams are listed: 10 s of pages, and more than a server keeps well. */
const mostStreams = 50_000;
const mostConsumers = 10_000;

/**
All streams of the account: `$JS.API.STREAM.LIST`, all pages, at most `max`; the names of those that are there and
that no server of the cluster answers for; and what could not be read.
*/
export async function readStreams(
	connection: NatsConnection,
	timeoutMs?: number,
	max = mostStreams,
): Promise<{streams: StreamInfo[]; missing: string[]; subjectName: (stream: string) => string} & Listed> {
	/** A name that is not safe to show is asked for as the server has it. */
	const odd = new Map<string, string>();
	const {rows: streams, ...listed} = await readPages(
		async (offset) => {
			const answer = await request(connection, 'STREAM.LIST', {offset}, streamPage, timeoutMs);
			return {...answer, rows: rowsOf('STREAM.LIST', answer, answer.streams)};
		},
		(row) => {
			const stream = streamInfoSchema.safeParse(row).data;
			const given = (row as {config?: {name?: string}} | null)?.config?.name;
			if (stream && given !== undefined && given !== stream.config.name) {
				odd.set(stream.config.name, given);
			}
			return stream;
		},
		max,
	);
	return {streams, ...listed, subjectName: (stream) => odd.get(stream) ?? stream};
}

/** As `readStreams`, without the names of those that nobody answers for. */
export const listStreams = async (...given: Parameters<typeof readStreams>): Promise<StreamInfo[]> =>
	(await readStreams(...given)).streams;

/**
The consumers of a stream: `$JS.API.CONSUMER.LIST.<stream>`, all pages, at most `max`; the names of those that
are there and that no server of the cluster answers for; and what could not be read.
*/
export async function readConsumers(
	connection: NatsConnection,
	stream: string,
	timeoutMs?: number,
	max = mostConsumers,
): Promise<{consumers: ConsumerInfo[]; missing: string[]} & Listed> {
	const subject = `CONSUMER.LIST.${stream}`;
	const {rows: consumers, ...listed} = await readPages(
		async (offset) => {
			const answer = await request(connection, subject, {offset}, consumerPage, timeoutMs);
			return {...answer, rows: rowsOf(subject, answer, answer.consumers)};
		},
		(row) => {
			const consumer = consumerInfoSchema.safeParse(row).data;
			// A row of another stream is the answer to somebody else's question.
			return consumer?.stream_name === sanitize(stream, 300) ? consumer : undefined;
		},
		max,
	);
	return {consumers, ...listed};
}

/**
As `readConsumers`, and all of them: what a purge takes from whom is not counted over some.

@throws UnreadableAnswer if any could not be read.
*/
export async function readAllConsumers(
	...given: Parameters<typeof readConsumers>
): Promise<{consumers: ConsumerInfo[]; missing: string[]}> {
	const {consumers, missing, ...listed} = await readConsumers(...given);
	if (!isWhole(listed)) {
		const {read, total, unread, error} = listed;
		const what = error ?? (unread.length > 0 ? `${unread.join(', ')} could not be read` : 'the list was cut');
		throw new UnreadableAnswer(
			`CONSUMER.LIST.${given[1]}`,
			`${read - unread.length} of ${total} read, ${what}`,
		);
	}
	return {consumers, missing};
}

/** `null` is how Go writes an empty list, and is one only if the count says so. */
function rowsOf(subject: string, {total}: {total: number}, rows: unknown[] | null): unknown[] {
	if (rows === null && total > 0) {
		throw new UnreadableAnswer(subject, `the list is empty, but its total is ${total}`);
	}
	return rows ?? [];
}

const maxMissing = 1000;

function addNames(to: Set<string>, names: readonly string[] | null | undefined): void {
	for (const name of names ?? []) {
		if (to.size < maxMissing) {
			to.add(sanitize(name, 300));
		}
	}
}

/** `$JS.API.STREAM.INFO.<stream>`. @throws JetStreamError 10059 where there is no such stream. */
export async function streamInfo(
	connection: NatsConnection,
	stream: string,
	timeoutMs?: number,
): Promise<StreamInfo> {
	const subject = `STREAM.INFO.${stream}`;
	const info = await request(connection, subject, undefined, streamInfoSchema, timeoutMs);
	if (info.config.name !== sanitize(stream, 300)) {
		throw new UnreadableAnswer(subject, 'it is about another stream');
	}
	return info;
}

/** `$JS.API.CONSUMER.INFO.<stream>.<consumer>`. @throws JetStreamError 10014 where there is no such consumer. */
export async function consumerInfo(
	connection: NatsConnection,
	stream: string,
	consumer: string,
	timeoutMs?: number,
): Promise<ConsumerInfo> {
	const subject = `CONSUMER.INFO.${stream}.${consumer}`;
	const info = await request(connection, subject, undefined, consumerInfoSchema, timeoutMs);
	if (info.stream_name !== sanitize(stream, 300) || info.name !== sanitize(consumer, 300)) {
		throw new UnreadableAnswer(subject, 'it is about another consumer');
	}
	return info;
}

/** `$JS.API.INFO`: what the account uses and may use. */
export const accountInfo = (
	connection: NatsConnection,
	timeoutMs?: number,
): Promise<z.infer<typeof accountSchema>> => request(connection, 'INFO', undefined, accountSchema, timeoutMs);
