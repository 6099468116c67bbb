import type {DockerClient} from '../clients/docker/client.ts';
import {isCluster, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts, Emit} from '../state/observation.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';
import type {Name} from './ask-by-name.ts';
import {watchContainers} from './containers.ts';
import {watchDisk} from './disk.ts';
import {watchHealth, watchMetrics} from './endpoints.ts';
import {watchLogs} from './logs.ts';
import {watchMonitor} from './monitor.ts';
import {type NatsWatchOptions, watchNats} from './nats.ts';
import {watchNodes} from './nodes.ts';
import {watchServerIdentity} from './server-identity.ts';
import {watchStats} from './stats.ts';
import {watchStorePlaces} from './store-place.ts';
import {watchSystem} from './system.ts';

/** The Compose file or an earlier look has it, or its log is remembered. */
const wasHere = (service: string, {services, logs}: DeploymentState): boolean =>
	own(services, service) !== undefined || own(logs.usual ?? {}, service) !== undefined;

export type DeploymentWatch = {
	/** Follows these services' logs beside the configured ones, from now on. */
	followLogs(services: string[]): void;
	/** Asks for this stream or consumer by name, too, at each look from now on. */
	select(name: Name | undefined): void;
	/** Settles when every source has ended after the abort. */
	ended: Promise<void>;
};

/**
Starts all sources of a deployment; they run until aborted. Log lines are searched for signatures only in the
services that the configuration names.

@param state - The state as it is known now: which containers there are.
*/
export function watchDeployment(
	{
		config,
		env,
		docker,
		state,
		onConfigs,
	}: {
		config: Config;
		env: NodeJS.ProcessEnv;
		docker: DockerClient;
		state: () => DeploymentState;
		onConfigs?: NatsWatchOptions['onConfigs'];
	},
	emit: Emit,
	signal: AbortSignal,
): DeploymentWatch {
	// What ended says why in its log: the logs of services that are down are read, too.
	const seeIdentity = watchServerIdentity(
		{config, docker, wasHere: (name) => wasHere(name, state())},
		emit,
		signal,
	);
	const seeStores = watchStorePlaces({config, docker}, emit, signal);
	const emitAndFollow: Emit = (observation) => {
		emit(observation);
		seeIdentity(observation);
		seeStores(observation);
		if (observation.kind === 'container' || observation.kind === 'containers') {
			const seen = observation.kind === 'container' ? [observation.container] : observation.containers;
			const ended = seen.filter(
				({status, exitCode}) => /exited|restarting|dead/.test(status) && exitCode !== 0,
			);
			const replicas = seen.filter(({service, composeService = service}) =>
				isReplicaOf(service, composeService),
			);
			followLogs(
				[...ended, ...replicas].map(({service}) => service),
				replicas,
			);
		}
	};
	let selected: Name | undefined;
	const running = () => Object.values(state().services).filter(({status}) => status === 'running');
	const tasks = [
		watchContainers(docker, config.docker.project, emitAndFollow, signal),
		watchStats(docker, running, emit, signal),
		...nodesOf(config).map(({service, monitor}) =>
			watchDisk(
				docker,
				{
					...(isCluster(config) && {service}),
					monitor,
					container: () => running().find((one) => one.service === service)?.containerId,
				},
				emit,
				signal,
			),
		),
		watchNats(
			{config, env, onConfigs, known: () => state().streams, selected: () => selected},
			emitAndFollow,
			signal,
		),
		...(isCluster(config)
			? [watchNodes(nodesOf(config), emit, signal)]
			: config.nats.monitor === undefined
				? []
				: [watchMonitor(config.nats.monitor, emit, signal)]),
		...(config.nats.system === undefined ? [] : [watchSystem({config, env, state}, emit, signal)]),
		...config.health.map((endpoint) => watchHealth(endpoint, emit, signal)),
		...config.metrics.map((endpoint) => watchMetrics(endpoint, emit, signal)),
	];

	/** The configuration names the service for all of its replicas. */
	const isReplicaOf = (service: string, of: string): boolean =>
		service !== of && config.logs.services.includes(of);
	const followed = new Set<string>();
	const followLogs = (services: string[], replicas: readonly ContainerFacts[] = []): void => {
		for (const service of services.filter((name) => !followed.has(name))) {
			followed.add(service);
			const {tail, services: searched, signatures} = config.logs;
			const isSearched = searched.includes(service) || replicas.some((one) => one.service === service);
			const options = {service, tail, signatures: isSearched ? signatures : []};
			const container = () => {
				const known = state().services[service];
				return known && known.status !== 'missing' && known.containerId !== ''
					? {id: known.containerId, running: known.status === 'running'}
					: undefined;
			};
			tasks.push(watchLogs(docker, options, container, emit, signal));
		}
	};
	followLogs(config.logs.services);
	const select = (name: Name | undefined): void => {
		selected = name;
	};
	return {followLogs, select, ended: Promise.all(tasks).then(() => {})};
}
