import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts} from './observation.ts';

/** The name of this program's own connections, of every console and every run. */
export const ownConnection = 'jetmedic';

/** A connection as the server tells of it. */
export type NatsClient = {ip: string; name: string; lang: string; account: string};

/** Who is connected to the servers. */
export type NatsConnections = {
	connections: NatsClient[];
	/** The addresses of the other servers of the cluster. */
	peers: string[];
	/** Whether all connections were read. */
	isWhole: boolean;
};

/** Which services of a project use NATS, and how that is known. */
export type NatsUsers = {
	/** Each with the reason, as the end of a sentence. */
	uses: {service: string; why: string}[];
	/** Servers, whether the configuration names them or not: never clients. */
	servers: string[];
	/** The rest: nothing shows that they use NATS. */
	others: string[];
	/** Connections from addresses of no container: programs on the host, or on other hosts. This program's own are not among them. */
	outside: number;
	/**
	Those of them that come from the gateway of a network of the project: through a port that the host publishes. They may be any
	program's on the host, and any container's that is told the host's address.
	*/
	viaHost: number;
	/** Whether all connections were read, and come from whom they show. Where not, a service among the others may use NATS all the same. */
	isKnown: boolean;
};

type Container = Pick<
	ContainerFacts,
	'service' | 'containerId' | 'addresses' | 'gateways' | 'networks' | 'dependsOn' | 'natsServer'
>;

/** Whether a container is a NATS server that the configuration does not name: by what it runs. */
export const isServer = ({service, natsServer}: Container, servers: readonly string[]): boolean =>
	natsServer === true || servers.includes(service);

/**
Which services of a project use NATS: those whose containers are connected, those that Compose starts after a server, and
those that the configuration names. Pure.

@param read - Undefined where nobody could be asked.
*/
export function natsUsers(
	containers: readonly Container[],
	config: Pick<Config, 'nats' | 'health' | 'metrics'>,
	read: NatsConnections | undefined,
): NatsUsers {
	const named = nodeServices(config);
	const counts = new Map<string, number>();
	for (const {ip, name} of read?.connections ?? []) {
		if (name !== ownConnection) {
			counts.set(ip, (counts.get(ip) ?? 0) + 1);
		}
	}
	const peers = new Set(read?.peers);
	const addressesOf = (container: Container): readonly string[] => addresses(container, containers);
	const servers = new Set([
		...named,
		...containers
			.filter(
				(container) =>
					isServer(container, named) || container.addresses.some((address) => peers.has(address)),
			)
			.map(({service}) => service),
	]);
	const all = new Set(containers.flatMap((container) => container.addresses));
	const gateways = new Set(containers.flatMap((container) => container.gateways ?? []));
	const countOf = (isMeant: (ip: string) => boolean): number =>
		[...counts].reduce((sum, [ip, count]) => (!all.has(ip) && isMeant(ip) ? sum + count : sum), 0);
	const outside = countOf(() => true);
	const viaHost = countOf((ip) => gateways.has(ip));
	const inConfig = new Set([...config.health, ...config.metrics].map(({service}) => service));
	const reasons = new Map<string, string>();
	for (const container of containers) {
		const {service} = container;
		if (!servers.has(service) && !reasons.has(service)) {
			const connected = addressesOf(container).some((address) => counts.has(address));
			const onHost = outside > 0 && container.networks.includes('host');
			const why = connected
				? 'it is connected'
				: container.dependsOn.some((name) => servers.has(name))
					? 'it depends on the server'
					: inConfig.has(service)
						? 'the configuration names it'
						: onHost
							? 'it uses the host network, and a client is connected from there'
							: undefined;
			if (why !== undefined) {
				reasons.set(service, why);
			}
		}
	}
	const services = [...new Set(containers.map(({service}) => service))];
	return {
		uses: [...reasons].map(([service, why]) => ({service, why})),
		servers: [...servers],
		others: services.filter((service) => !servers.has(service) && !reasons.has(service)),
		outside,
		viaHost,
		isKnown: read?.isWhole === true && viaHost === 0,
	};
}

/** One that shares the network of another container has no address of its own. */
function addresses(
	{addresses: own, networks}: Container,
	containers: readonly Container[],
): readonly string[] {
	const shared = networks.find((network) => network.startsWith('container:'))?.slice('container:'.length);
	const owner =
		shared === undefined || shared === ''
			? undefined
			: containers.find(({containerId}) => containerId.startsWith(shared));
	return owner?.addresses ?? own;
}
