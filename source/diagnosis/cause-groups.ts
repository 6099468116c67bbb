import type {Config} from '../config/schema.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';
import {isAboutNats} from './questions.ts';

/** What is wrong with the server, or the cluster, as a whole. */
export const serverRules = [
	'quorum-lost',
	'nats-down',
	'nats-unreached',
	'nats-booting',
	'nats-unhealthy',
	'jetstream-off',
];

/** One server of a cluster that is away: what depends on it, and nothing else, fails for a while. */
export const anyNode = ['node-down:*', 'route-partitioned:*'];

/** What the servers tell where they are in different clusters. */
export const otherCluster = 'split-brain:cluster-name';

/** A server that is in another cluster than the most of them is left alone by them. */
export function ofCluster(service: string, {nats}: DeploymentState): string[] {
	const names = Object.values(nats.nodes ?? {}).flatMap(({view}) => view?.clusterName ?? []);
	const mine = nats.nodes?.[service]?.view?.clusterName;
	const same = names.filter((name) => name === mine).length;
	return mine !== undefined && same * 2 < names.length ? [otherCluster] : [];
}

/** The servers that keep a stream, or a consumer of it: those that are away explain why nobody answers. */
export function keepers(subject: string, {streams, nats}: DeploymentState): string[] {
	const slash = subject.indexOf('/');
	const stream = own(streams, slash < 0 ? subject : subject.slice(0, slash));
	const consumer = slash < 0 ? undefined : own(stream?.consumers ?? {}, subject.slice(slash + 1));
	const {leader, replicas = []} = consumer?.cluster ?? stream?.cluster ?? {};
	const names = new Set([leader, ...replicas.map(({name}) => name)]);
	return Object.values(nats.nodes ?? {})
		.filter(({view}) => names.has(view?.serverName))
		.map(({service}) => `node-down:${service}`);
}

/** A killed run explains what it left stopped. */
export const leftBy = (service: string, {run}: DeploymentState): string[] =>
	run && !run.alive && run.stopped.includes(service) ? ['run-unfinished'] : [];

/** What keeps a service's container from doing its work. */
export const ofService = (service: string | undefined): string[] =>
	service === undefined
		? []
		: [
				`container-down:${service}`,
				`container-detached:${service}`,
				...endOf(service),
				`port-dead:${service}`,
			];

/** Why a container ended, where that is known. */
export const endOf = (service: string): string[] => [
	`container-crash-loop:${service}`,
	`container-oom:${service}`,
];

/** A service that is not connected, or whose client is stuck, reads nothing and says so in its log. */
export const disagreeing = (service: string | undefined, config: Config): string[] =>
	config.health
		.filter((candidate) => service !== undefined && candidate.service === service)
		.map(({name}) => `health-disagrees:${name}`);

/** The names of a stream's consumers. */
export const ofConsumers = (stream: string, {streams}: DeploymentState): string[] =>
	Object.keys(own(streams, stream)?.consumers ?? {});

/** The endpoint of a name. */
export const endpoint = <T extends {name: string}>(endpoints: T[], name: string): T | undefined =>
	endpoints.find((candidate) => candidate.name === name);

/** What a service can't be healthy without: the server where it depends on it, and its other dependencies. */
export function dependencies(service: string, state: DeploymentState, config: Config): string[] {
	const needed = new Set<string>();
	const visit = (name: string): void => {
		for (const dependency of own(state.services, name)?.dependsOn ?? []) {
			if (!needed.has(dependency)) {
				needed.add(dependency);
				visit(dependency);
			}
		}
	};
	visit(service);
	const aboutNats = config.health.some(
		(candidate) => candidate.service === service && isAboutNats(candidate),
	);
	const isServers = service === config.nats.service || needed.has(config.nats.service) || aboutNats;
	return [...ofService(service), ...(isServers ? serverRules : []), ...[...needed].flatMap(ofService)];
}

/** The endpoints of a service: they say more closely what its container's health check only notices. */
export function endpointsOf(service: string, config: Config): string[] {
	return config.health
		.filter((candidate) => candidate.service === service)
		.flatMap(({name}) => [`health-unhealthy:${name}`, `health-unreachable:${name}`]);
}

/** Both show within seconds where a stream begins anew; what went long before is another story. */
const togetherMs = 60_000;

/** The consumers of a stream that are ahead of it since about the time that its messages went. */
export const aheadSince = (stream: string, at: number | undefined, {streams}: DeploymentState): string[] =>
	Object.values(own(streams, stream)?.consumers ?? {}).flatMap(({name, aheadSince: since}) =>
		since !== undefined && at !== undefined && Math.abs(since - at) < togetherMs
			? [`consumer-ahead:${stream}/${name}`]
			: [],
	);
