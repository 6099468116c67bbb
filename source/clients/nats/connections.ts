import * as z from 'zod';
import type {NatsConnections} from '../../state/nats-users.ts';
import {sanitize} from '../../text/sanitize.ts';
import {jsonOf} from '../bounded-json.ts';
import {httpGet} from '../http.ts';

const text = (max: number) =>
	z
		.string()
		.catch('')
		.transform((value) => sanitize(value, max));

// Strict: an answer without its list does not say that nobody is connected.
const connzSchema = z.object({
	total: z.number(),
	connections: z.array(z.object({ip: text(60), name: text(100), lang: text(30), account: text(100)})),
});

const peersSchema = z.object({
	routes: z
		.array(z.object({ip: text(60)}))
		.nullish()
		.catch(undefined),
});

const pageSize = 1024;
/** So many are read; what uses NATS with more connections is found among the first, too. */
const maxConnections = 4096;
const maxBytes = 4 << 20;

/**
GET /connz and /routez: who is connected to a server, and from which addresses other servers are. The page is asked for
with `auth`, because the account is told with it alone.
https://docs.nats.io/running-a-nats-service/nats_admin/monitoring#connection-information

@throws HttpError or a schema's error.
*/
export async function readConnectionList(
	monitor: string,
	signal?: AbortSignal,
	deadlineMs = 2000,
): Promise<NatsConnections> {
	const get = async (path: string): Promise<unknown> =>
		jsonOf((await httpGet(`${monitor}${path}`, {signal, deadlineMs, maxBytes})).body);
	const connections: NatsConnections['connections'] = [];
	let total = 0;
	for (let offset = 0; offset < maxConnections; offset += pageSize) {
		const page = connzSchema.parse(await get(`/connz?auth=true&limit=${pageSize}&offset=${offset}`));
		connections.push(...(page.connections ?? []));
		total = page.total;
		if (connections.length >= total || !page.connections?.length) {
			break;
		}
	}
	const {routes} = peersSchema.parse(await get('/routez'));
	const peers = [...new Set((routes ?? []).map(({ip}) => ip))].filter(Boolean);
	return {connections, peers, isWhole: connections.length >= total};
}

/**
Who is connected to any of the servers: a client is at one of them. Never throws.

@returns Undefined when one of them has no monitoring port or does not say.
*/
export async function readAllConnections(
	monitors: readonly (string | undefined)[],
	signal?: AbortSignal,
): Promise<NatsConnections | undefined> {
	try {
		const read = await Promise.all(
			monitors.map((monitor) => {
				if (monitor === undefined) {
					throw new Error('no monitoring port');
				}
				return readConnectionList(monitor, signal);
			}),
		);
		return {
			connections: read.flatMap(({connections}) => connections),
			peers: [...new Set(read.flatMap(({peers}) => peers))],
			isWhole: read.every(({isWhole}) => isWhole),
		};
	} catch {
		return undefined;
	}
}
