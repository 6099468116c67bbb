import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {jsonOf} from '../bounded-json.ts';
import {httpGet} from '../http.ts';

const id = z
	.string()
	.catch('')
	.transform((value) => sanitize(value, 100));

const routezSchema = z.object({
	server_id: id,
	routes: z
		.array(z.object({remote_id: id}))
		.nullish()
		.catch(undefined),
});

const maxRoutes = 1000;

/** GET /routez: a server and the servers of its cluster, by their ids. @throws HttpError or a schema's error. */
export async function readRoutes(
	monitor: string,
	signal?: AbortSignal,
	deadlineMs = 1500,
): Promise<{serverId: string; routeIds: string[]}> {
	const {body} = await httpGet(`${monitor}/routez`, {signal, deadlineMs});
	const {server_id: serverId, routes} = routezSchema.parse(jsonOf(body));
	const ids = (routes ?? []).slice(0, maxRoutes).map((route) => route.remote_id);
	return {serverId, routeIds: [...new Set(ids)].filter(Boolean)};
}
