import type {Scene} from '../faults/fault.ts';
import {STREAM, withNats} from '../project/stream.ts';
import {SERVERS, type Server} from '../project/topology.ts';
import {LabError} from '../run.ts';
import {page} from './wait.ts';

/** The server with that name. */
function serverNamed(name: string | undefined): Server {
	const server = SERVERS.find((one) => one.name === name);
	if (server) return server;
	throw new LabError(`"${name}" is none of the lab's servers: run "npm run lab -- mend" first.`);
}

/** The server that leads the services' stream. */
export const streamLeader = ({place}: Scene): Promise<Server> =>
	withNats(place, async (_nc, jsm) => serverNamed((await jsm.streams.info(STREAM)).cluster?.leader));

/** How many other servers a server has a route to. */
export async function routesOf({monitor}: Server): Promise<number> {
	const {routes = []} = JSON.parse((await page(monitor, '/routez')).text) as {routes?: {remote_id: string}[]};
	return new Set(routes.map(({remote_id}) => remote_id)).size;
}
