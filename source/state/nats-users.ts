import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts} from './observation.ts';

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
	/** Connections from addresses of no container: programs on the host, or on other hosts. */
	outside: number;
	/** Whether the connections were read, all of them. Where not, a service among the others may use NATS all the same. */
	isKnown: boolean;
};

type Container = Pick<
	ContainerFacts,
	'service' | 'containerId' | 'addresses' | 'networks' | 'dependsOn' | 'natsServer'
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
	for (const {ip} of read?.connections ?? []) {
		counts.set(ip, (counts.get(ip) ?? 0) + 1);
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
	const outside = [...counts].reduce((sum, [ip, count]) => (all.has(ip) ? sum : sum + count), 0);
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
		isKnown: read?.isWhole === true,
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
