import {isCluster, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts} from '../state/observation.ts';
import {
	type Answering,
	type ContainedServer,
	judgeAnswer,
	type ServerAnswer,
} from '../state/server-identity.ts';
import {type EngineReader, readContainedServer} from './contained-servers.ts';
import {readVarz} from './nats/monitor.ts';

/**
Who answers at the client port and at each monitoring port, against the servers in the containers. Never throws; who does
not answer is not in it.

@param answering - Whoever answers at the client port now; several where the configuration has several addresses.
*/
export async function readIdentity(
	docker: EngineReader,
	config: Pick<Config, 'nats'>,
	containers: readonly ContainerFacts[],
	answering: readonly Answering[],
	signal?: AbortSignal,
): Promise<ServerAnswer[]> {
	const nodes = nodesOf(config);
	const addresses = answering.map(({address}) => address);
	const [servers, monitors] = await Promise.all([
		Promise.all(
			nodes.map((node) =>
				readContainedServer(
					docker,
					node,
					containers.find(({service}) => service === node.service),
					addresses,
					signal,
				),
			),
		),
		Promise.all(nodes.map(({monitor}) => askMonitor(monitor, signal))),
	]);
	return [
		...answering.map((one) => ({
			...one,
			port: 'url' as const,
			service: config.nats.service,
			...judgeAnswer(one, servers),
		})),
		...monitors.flatMap((one, index) => {
			const server = servers[index];
			return one && server ? [judgeMonitor(one, server, isCluster(config))] : [];
		}),
	];
}

/** A monitoring port is one server's; the address that it is compared with is that of the client port, so only its id tells. */
function judgeMonitor(one: Answering, server: ContainedServer, isOne: boolean): ServerAnswer {
	const {publishes: _publishes, publishedAt: _at, routeIds, ...rest} = server;
	// One server alone stands for its cluster where the others are not named.
	const judged = judgeAnswer(one, [{...rest, ...(!isOne && routeIds && {routeIds})}]);
	return {...one, port: 'monitor', service: server.service, ...judged};
}

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
