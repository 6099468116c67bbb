import * as z from 'zod';
import type {MetaState, NodeStream, NodeView} from '../../state/cluster.ts';
import {sanitize} from '../../text/sanitize.ts';
import {getJson} from '../http.ts';
import {clusterSchema, replicasSchema, toReplica} from './cluster.ts';
import {type Jsz, parseJsz, parseVarz, type Varz} from './monitor.ts';

const name = z
	.string()
	.catch('')
	.transform((value) => sanitize(value, 100));
const count = z.number().catch(0);

const identitySchema = z.object({
	server_id: name,
	cluster: z.object({name}).nullish().catch(undefined),
});

const routezSchema = z.object({
	routes: z
		.array(z.object({remote_id: name, remote_name: name}))
		.nullish()
		.catch(undefined),
});

const streamSchema = z.object({
	name: z.string().transform((value) => sanitize(value, 300)),
	cluster: clusterSchema,
	state: z.object({messages: count, first_seq: count, last_seq: count}),
});

const list = z.array(z.unknown()).nullish().catch(undefined);

const clusterJszSchema = z.object({
	meta_cluster: z
		.object({leader: name, cluster_size: count, pending: count, replicas: replicasSchema})
		.nullish()
		.catch(undefined),
	account_details: z
		.array(z.object({name, stream_detail: list}))
		.nullish()
		.catch(undefined),
});

// So many are compared; a node that keeps more tells of some of them.
const maxStreams = 2000;
const maxRoutes = 200;

/** The answers of a node with a thousand streams have 0.5 MB (docs/facts.md). */
const maxBytes = 16 << 20;

/**
What a node says of itself and of the cluster: /varz, /routez, and /jsz with the streams that it keeps. It is one
node's own view: only a leader tells of the replicas of its group.

@throws HttpError or a schema's error where one of the three gives no answer within `deadlineMs`.
*/
export async function readNode(
	monitor: string,
	signal?: AbortSignal,
	deadlineMs = 2000,
): Promise<{view: NodeView; varz: Varz; jsz: Jsz}> {
	const get = (path: string): Promise<unknown> =>
		getJson(`${monitor}${path}`, {signal, deadlineMs, maxBytes});
	const [varz, routez, jsz] = await Promise.all([get('/varz'), get('/routez'), get('/jsz?streams=1')]);
	return {varz: parseVarz(varz), jsz: parseJsz(jsz), view: toNodeView(varz, routez, jsz)};
}

/** A view of the answers of /varz, /routez and /jsz with its streams. @throws a schema's error. */
export const toNodeView = (varz: unknown, routez: unknown, jsz: unknown): NodeView => ({
	...toIdentity(parseVarz(varz), varz),
	...toCluster(routez, jsz),
});

function toIdentity({serverName, version, startedAt}: Varz, varz: unknown) {
	const {server_id: serverId, cluster} = identitySchema.parse(varz);
	return {serverName, serverId, version, startedAt, clusterName: cluster?.name ?? ''};
}

function toCluster(routez: unknown, jsz: unknown): Pick<NodeView, 'routes' | 'meta' | 'streams'> {
	const {routes} = routezSchema.parse(routez);
	const {meta_cluster: meta, account_details: accounts} = clusterJszSchema.parse(jsz);
	// Of the several connections to one server (2.10 and later have a pool) each is a route.
	const names = new Set(
		(routes ?? []).slice(0, maxRoutes).map((route) => route.remote_name || route.remote_id),
	);
	return {
		routes: [...names].filter(Boolean).sort(),
		...(meta && {meta: toMeta(meta)}),
		streams: toStreams(accounts ?? []),
	};
}

type Meta = NonNullable<z.infer<typeof clusterJszSchema>['meta_cluster']>;

const toMeta = ({leader, cluster_size: size, pending, replicas}: Meta): MetaState => ({
	...(leader && {leader}),
	size,
	pending,
	replicas: replicas.map(toReplica),
});

function toStreams(
	accounts: NonNullable<z.infer<typeof clusterJszSchema>['account_details']>,
): Record<string, NodeStream> {
	const rows = accounts.flatMap(({name: account, stream_detail: streams}) =>
		(streams ?? []).flatMap((row) => {
			const stream = streamSchema.safeParse(row).data;
			return stream === undefined ? [] : [[`${account} > ${stream.name}`, toStream(stream)] as const];
		}),
	);
	return Object.fromEntries(rows.slice(0, maxStreams));
}

const toStream = ({cluster, state}: z.infer<typeof streamSchema>): NodeStream => ({
	...(cluster?.leader && {leader: cluster.leader}),
	firstSeq: state.first_seq,
	lastSeq: state.last_seq,
	messages: state.messages,
});
