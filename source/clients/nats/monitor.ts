import * as z from 'zod';
import type {NatsState} from '../../state/types.ts';
import {sanitize} from '../../text/sanitize.ts';
import {jsonOf} from '../bounded-json.ts';
import {AnswerTooLarge, getJson, HttpError, httpGet} from '../http.ts';
import {refusedBy} from '../http-status.ts';

export type Healthz = {
	/** `unreachable`: it is not known how the server is. That alone is no word of the server that it is down. */
	status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
	/** Somebody answers at the address, and it is no answer of /healthz: HTTP 401, a page of HTML, too much. */
	answers?: true;
	error?: string;
	elapsedMs: number;
};

const healthzSchema = z.object({status: z.string().catch(''), error: z.string().optional().catch(undefined)});

/**
GET /healthz of the monitoring port. Booting is told from unavailable by the server's words: it answers 500
on 2.15 and 503 on 2.9 while it is "failed to be ready for connections". Never throws.
https://docs.nats.io/running-a-nats-service/nats_admin/monitoring
*/
export async function readHealthz(
	monitor: string,
	signal?: AbortSignal,
	deadlineMs = 1500,
): Promise<Healthz> {
	try {
		const {status, body, elapsedMs} = await httpGet(`${monitor}/healthz`, {
			deadlineMs,
			maxBytes: 1 << 20,
			signal,
		});
		const refused = refusedBy(status);
		return refused === undefined
			? parseHealthz(jsonOf(body), elapsedMs, status)
			: {status: 'unreachable', answers: true, error: refused, elapsedMs};
	} catch (error) {
		return {
			status: 'unreachable',
			...(error instanceof AnswerTooLarge && {answers: true}),
			error: sanitize((error as Error).message, 200),
			elapsedMs: error instanceof HttpError ? error.elapsedMs : 0,
		};
	}
}

/**
An answer of /healthz, or of a server that is asked through the system account.

@param httpStatus - 200 where it is not an answer over HTTP: its body says it, too.
*/
export function parseHealthz(body: unknown, elapsedMs: number, httpStatus = 200): Healthz {
	const answer = healthzSchema.safeParse(body).data;
	if (httpStatus === 200 && answer?.status === 'ok') {
		return {status: 'ok', elapsedMs};
	}
	const said = sanitize(answer?.error ?? answer?.status ?? '', 200);
	if (said === '') {
		// A proxy that has no server behind it answers 502 with a page of its own.
		const what = `could not be read: HTTP ${httpStatus} without a status of /healthz`;
		return {status: 'unreachable', answers: true, error: what, elapsedMs};
	}
	const error = answer?.error === undefined && httpStatus !== 200 ? `${said} with HTTP ${httpStatus}` : said;
	return {status: /ready for connections/.test(error) ? 'booting' : 'unavailable', error, elapsedMs};
}

const count = z.number().catch(0);
const varzSchema = z.object({
	server_id: z.string().catch(''),
	// What has no name is no answer of a NATS server.
	server_name: z.string().min(1),
	version: z.string().catch(''),
	start: z.string().catch(''),
	connections: count,
	max_connections: count,
	slow_consumers: count,
	cpu: count,
	mem: count,
	in_msgs: count,
	out_msgs: count,
});

/** What is watched of /varz. */
export type Varz = Omit<
	NonNullable<NatsState['varz']>,
	'at' | 'inMessagesPerSecond' | 'outMessagesPerSecond' | 'slowConsumersRose'
>;

/** GET /varz. @throws HttpError or a schema's error. */
export const readVarz = async (monitor: string, signal?: AbortSignal): Promise<Varz> =>
	parseVarz(await getJson(`${monitor}/varz`, {signal}));

/** An answer of /varz. @throws a schema's error. */
export function parseVarz(answer: unknown): Varz {
	const varz = varzSchema.parse(answer);
	return {
		serverName: sanitize(varz.server_name, 100),
		...(varz.server_id !== '' && {serverId: sanitize(varz.server_id, 100)}),
		version: sanitize(varz.version, 40),
		startedAt: Date.parse(varz.start) || 0,
		connections: varz.connections,
		maxConnections: varz.max_connections,
		slowConsumers: varz.slow_consumers,
		cpuPercent: varz.cpu,
		memoryBytes: varz.mem,
		inMessages: varz.in_msgs,
		outMessages: varz.out_msgs,
	};
}

const jszSchema = z.object({
	disabled: z.boolean().catch(false),
	config: z.object({max_memory: count, max_storage: count}).nullish().catch(undefined),
	memory: z.number().optional(),
	storage: z.number().optional(),
	streams: count,
	consumers: count,
	messages: count,
	reserved_storage: z.number().optional().catch(undefined),
	api: z.object({errors: count}).nullish().catch(undefined),
});

/** What is watched of /jsz. */
export type Jsz = Omit<NonNullable<NatsState['jsz']>, 'at'>;

/** GET /jsz without its lists: one node's view. @throws HttpError or a schema's error. */
export const readJsz = async (monitor: string, signal?: AbortSignal): Promise<Jsz> =>
	parseJsz(await getJson(`${monitor}/jsz`, {signal}));

/** An answer of /jsz. @throws a schema's error. */
export function parseJsz(answer: unknown): Jsz {
	const jsz = jszSchema.parse(answer);
	const {memory, storage, disabled} = jsz;
	// Without JetStream there are none; with it, 0 of it would be a calm figure that nobody gave.
	if (!disabled && (memory === undefined || storage === undefined)) {
		throw new HttpError('could not be read: no JetStream figures in the answer', 0);
	}
	return {
		enabled: !jsz.disabled,
		streams: jsz.streams,
		consumers: jsz.consumers,
		messages: jsz.messages,
		storageBytes: storage ?? 0,
		maxStorageBytes: jsz.config?.max_storage ?? 0,
		memoryBytes: memory ?? 0,
		maxMemoryBytes: jsz.config?.max_memory ?? 0,
		apiErrors: jsz.api?.errors ?? 0,
		...(jsz.reserved_storage !== undefined && {reservedBytes: jsz.reserved_storage}),
	};
}

/** More connections than this are not read: 0.4 KiB each, and nobody would look for one among them. */
const maxConnections = 1024;

const connzSchema = z.object({
	num_connections: count,
	total: z.number(),
	// Go writes an empty list as null.
	connections: z.array(z.object({ip: z.string().catch('')})).nullable(),
});

/**
GET /connz: how many connections come from which address; undefined where there are more than are read.
@throws HttpError or a schema's error.
*/
export async function readConnections(
	monitor: string,
	signal?: AbortSignal,
): Promise<Record<string, number> | undefined> {
	const answer = await getJson(`${monitor}/connz?limit=${maxConnections}`, {signal});
	const {connections: rows, total} = connzSchema.parse(answer);
	const connections = rows ?? [];
	if (rows === null && total > 0) {
		throw new HttpError(`could not be read: no rows for ${total} connections`, 0);
	}
	if (total > connections.length) {
		return undefined;
	}
	const counts = new Map<string, number>();
	for (const {ip} of connections) {
		const address = sanitize(ip, 60);
		counts.set(address, (counts.get(address) ?? 0) + 1);
	}
	return Object.fromEntries(counts);
}

const storeSchema = z.object({
	disabled: z.boolean().catch(false),
	storage: z.number().optional().catch(undefined),
	streams: z.number().optional().catch(undefined),
	config: z.object({max_storage: count, store_dir: z.string().catch('')}),
});

/** A server's store. `heldBytes` and `streams` are there only if it says so itself: a figure that is not given is no 0. */
export type Store = {
	folder: string;
	usedBytes: number;
	limitBytes: number;
	heldBytes?: number;
	streams?: number;
};

/** Where the server keeps its store, as it says itself in GET /jsz, and how full. @throws HttpError or a schema's error. */
export async function readStore(monitor: string, signal?: AbortSignal, deadlineMs = 2000): Promise<Store> {
	const {disabled, storage, streams, config} = storeSchema.parse(
		await getJson(`${monitor}/jsz`, {signal, deadlineMs}),
	);
	return {
		folder: config.store_dir,
		usedBytes: storage ?? 0,
		limitBytes: config.max_storage,
		...(!disabled && storage !== undefined && {heldBytes: storage}),
		...(!disabled && streams !== undefined && {streams}),
	};
}
