import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {COMPOSE_FILE, type Place} from '../place.ts';

/** The two forms of the lab: one NATS server, or a cluster of three. */
export type Topology = 'single' | 'cluster';

/** The services around NATS, in the order in which they are shown. */
export const SERVICES = ['titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'] as const;
/** A service around NATS. */
export type Service = (typeof SERVICES)[number];

/** The NATS servers, the first one alone in the single form. A server's container and the server's own name are the same. */
export const SERVERS = [
	{name: 'titan-nats', port: 4222, monitor: 8222},
	{name: 'titan-nats-2', port: 4223, monitor: 8223},
	{name: 'titan-nats-3', port: 4224, monitor: 8224},
] as const;
/** One of the NATS servers: its container, and its ports on 127.0.0.1. */
export type Server = (typeof SERVERS)[number];

/** A container of the project. */
export type Container = Server['name'] | Service;

/** The compose file that makes the single server a cluster of three. */
const CLUSTER_FILE = fileURLToPath(new URL('../docker-compose.cluster.yml', import.meta.url));

const record = (place: Place): string => join(place.base, `${place.name}.cluster`);

/** The form that this lab was last brought up in. */
export const topologyOf = (place: Place): Topology => (existsSync(record(place)) ? 'cluster' : 'single');

/** Notes the form; a lab that was taken down has none, which counts as the single one. */
export function noteTopology(place: Place, topology: Topology): void {
	if (topology === 'single') {
		rmSync(record(place), {force: true});
		return;
	}
	mkdirSync(place.base, {recursive: true});
	writeFileSync(record(place), '');
}

/** The lab's NATS servers. */
export const serversOf = (place: Place): readonly Server[] =>
	topologyOf(place) === 'cluster' ? SERVERS : SERVERS.slice(0, 1);

/** The lab's containers, in the order they depend on each other. */
export const containersOf = (place: Place): readonly Container[] => [
	...serversOf(place).map(({name}) => name),
	...SERVICES,
];

/** The compose files of the lab's form, the later ones over the earlier ones. */
export const composeFilesOf = (place: Place): readonly string[] =>
	topologyOf(place) === 'cluster' ? [COMPOSE_FILE, CLUSTER_FILE] : [COMPOSE_FILE];

/** The addresses of all servers, as NATS clients take them. */
export const natsUrl = (place: Place): string =>
	serversOf(place)
		.map(({port}) => `nats://127.0.0.1:${port}`)
		.join(',');
