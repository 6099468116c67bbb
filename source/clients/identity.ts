import {isCluster, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts} from '../state/observation.ts';
import type {Answering, ServerAnswer} from '../state/server-answer.ts';
import {type ContainedServer, judgeAnswer} from '../state/server-identity.ts';
import {type EngineReader, readContainedServer} from './contained-servers.ts';
import {isOfProject} from './expected-server.ts';
import {readVarz} from './nats/monitor.ts';

/**
Who answers at the client port and at each monitoring port, against the servers in the containers. Never throws; who does
not answer is not in it.

@param answering - Whoever answers at the client port now; several where the configuration has several addresses.
@param wasHere - Whether a service that has no container is known to have had one, or to be meant to.
*/
export async function readIdentity(
	docker: EngineReader,
	config: Pick<Config, 'nats' | 'docker'>,
	containers: readonly ContainerFacts[],
	answering: readonly Answering[],
	signal?: AbortSignal,
	wasHere: (service: string) => boolean = () => false,
): Promise<ServerAnswer[]> {
	const nodes = nodesOf(config);
	const addresses = answering.map(({address}) => address);
	// Nothing else says so of one server of several: the monitoring port is then any one's as well.
	const ofAddresses = Math.max(addressesIn(config), ...answering.map((one) => one.ofAddresses ?? 1));
	const isForeign = async (service: string): Promise<boolean> =>
		!wasHere(service) && !(await isOfProject(docker, config.docker.project, service, containers));
	const [servers, monitors] = await Promise.all([
		Promise.all(
			nodes.map(async (node) => {
				const container = containers.find(({service}) => service === node.service);
				const server = await readContainedServer(docker, node, container, addresses, signal);
				return container === undefined && (await isForeign(node.service))
					? {...server, isForeign: true as const}
					: server;
			}),
		),
		Promise.all(nodes.map(({monitor}) => askMonitor(monitor, signal))),
	]);
	return [
		...answering.map(({ofAddresses: _of, ...one}) => ({
			...one,
			port: 'url' as const,
			service: config.nats.service,
			...judgeAnswer({...one, ofAddresses}, servers),
		})),
		...monitors.flatMap((one, index) => {
			const server = servers[index];
			if (!one || !server) {
				return [];
			}
			// A server of a cluster without a container here may run on another host, and its neighbours know it.
			const judged =
				isCluster(config) && server.status === 'missing'
					? judgeAnswer({...one, ofAddresses}, servers)
					: judgeMonitor({...one, ofAddresses}, server, nodes.length);
			return [{...one, port: 'monitor' as const, service: server.service, ...judged}];
		}),
	];
}

/**
A monitoring port is one server's; the address that it is compared with is that of the client port, so only its id tells.

@param named - How many servers the configuration names.
*/
function judgeMonitor(
	{ofAddresses = 1, ...one}: Answering,
	server: ContainedServer,
	named: number,
): ReturnType<typeof judgeAnswer> {
	const {publishes: _publishes, publishedAt: _at, routeIds, ...rest} = server;
	// One server alone stands for its cluster where the others are not named.
	return judgeAnswer({...one, ...(ofAddresses > named && {ofAddresses})}, [
		{...rest, ...(named === 1 && routeIds && {routeIds})},
	]);
}

/** How many addresses the configuration itself has; those of a context of the NATS CLI are known once it is read. */
const addressesIn = ({nats}: Pick<Config, 'nats'>): number =>
	nats.url.split(',').filter((one) => one.trim() !== '').length;

async function askMonitor(monitor: string | undefined, signal?: AbortSignal): Promise<Answering | undefined> {
	if (monitor === undefined) {
		return undefined;
	}
	try {
		const {serverId, serverName} = await readVarz(monitor, signal);
		return serverId === undefined ? undefined : {address: new URL(monitor).host, serverId, serverName};
	} catch {
		return undefined;
	}
}
