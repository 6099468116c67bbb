import type {Config} from './schema.ts';

/** A NATS server of the deployment: its Compose service, and its monitoring port where it has one. */
export type Node = {service: string; monitor: string | undefined};

/** The servers of the deployment, the first one first; one alone where it is no cluster. */
export const nodesOf = ({nats}: Pick<Config, 'nats'>): Node[] => [
	{service: nats.service, monitor: nats.monitor},
	...(nats.peers ?? []),
];

/** Whether several servers are configured. */
export const isCluster = ({nats}: Pick<Config, 'nats'>): boolean => (nats.peers ?? []).length > 0;

/** The Compose services of the servers. */
export const nodeServices = (config: Pick<Config, 'nats'>): string[] =>
	nodesOf(config).map(({service}) => service);

/** How many servers of a cluster must work for it to decide anything. */
export const majorityOf = (servers: number): number => Math.floor(servers / 2) + 1;
