import type {Config} from '../../source/config/schema.ts';
import type {NodeView, ReplicaState} from '../../source/state/cluster.ts';
import {initialState} from '../../source/state/initial.ts';
import type {ContainerFacts, Observation, StreamFacts} from '../../source/state/observation.ts';
import type {DeploymentState} from '../../source/state/types.ts';
import {container, now, observe, services, config as single, stream, t0, up, wellAt} from './fixture.ts';

/** The titan deployment on a cluster of three. */
export const config: Config = {
	...single,
	nats: {
		...single.nats,
		peers: [
			{service: 'titan-nats-2', monitor: 'http://127.0.0.1:8223'},
			{service: 'titan-nats-3', monitor: 'http://127.0.0.1:8224'},
		],
	},
};

export const nodes = ['titan-nats', 'titan-nats-2', 'titan-nats-3'];

export const nodeOf = (
	service: string,
	status: 'ok' | 'booting' | 'unavailable' | 'unreachable',
	at: number,
	error?: string,
): Observation => ({kind: 'node', service, status, elapsedMs: 2, at, ...(error !== undefined && {error})});

export const replica = (name: string, changes: Partial<ReplicaState> = {}): ReplicaState => ({
	name,
	current: true,
	offline: false,
	activeMs: 200,
	lag: 0,
	...changes,
});

export const others = (service: string): string[] => nodes.filter((name) => name !== service);

/** What a server says while all is well: the first one leads, and all have the stream. */
export const viewOf = (service: string, changes: Partial<NodeView> = {}): NodeView => ({
	serverName: service,
	serverId: `N${service}`,
	clusterName: 'TITAN',
	version: '2.15.1',
	startedAt: t0 - 3_600_000,
	routes: others(service),
	meta: {
		leader: 'titan-nats',
		size: 3,
		pending: 0,
		replicas: service === 'titan-nats' ? others(service).map((name) => replica(name)) : [],
	},
	streams: {'$G > TITAN_INTENTS': {leader: 'titan-nats', firstSeq: 1, lastSeq: 5000, messages: 5000}},
	...changes,
});

export const view = (service: string, at: number, changes: Partial<NodeView> = {}): Observation => ({
	kind: 'node-view',
	service,
	view: viewOf(service, changes),
	at,
});

/** The stream with three replicas. */
export const replicated = (changes: Partial<StreamFacts> = {}): StreamFacts =>
	stream({
		cluster: {leader: 'titan-nats', replicas: others('titan-nats').map((name) => replica(name))},
		numReplicas: 3,
		...changes,
	});

export const containersOf = (changes: Record<string, Partial<ContainerFacts>>, at: number): Observation => ({
	kind: 'containers',
	containers: [...new Set([...services, ...nodes])].map((service) =>
		container(service, {...(nodes.includes(service) && {dependsOn: []}), ...changes[service]}),
	),
	at,
});

/** All that a healthy cluster shows at one moment. */
export const wellClusterAt = (at: number): Observation[] => [
	...wellAt(at).filter(({kind}) => kind !== 'containers' && kind !== 'streams'),
	containersOf({}, at),
	{kind: 'streams', streams: [replicated()], at},
	...nodes.flatMap((service) => [nodeOf(service, 'ok', at), view(service, at), up(`node:${service}`, at)]),
];

export const startCluster = (): DeploymentState => initialState({config, host: 'prod-1', now: t0});

/** A healthy cluster that has been watched for ten seconds. */
export const wellCluster = (): DeploymentState =>
	observe(
		startCluster(),
		...Array.from({length: 11}, (_, second) => wellClusterAt(t0 + second * 1000)).flat(),
	);

export {now};
