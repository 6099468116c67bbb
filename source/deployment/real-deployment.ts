import {existsSync} from 'node:fs';
import type {DockerClient} from '../clients/docker/client.ts';
import {composeServices, composeUp} from '../clients/docker/compose.ts';
import {openDockerControl} from '../clients/docker/control.ts';
import {describeDockerError} from '../clients/docker/errors.ts';
import {readHealth} from '../clients/health.ts';
import {readIdentity} from '../clients/identity.ts';
import {readMetrics} from '../clients/metrics.ts';
import {describeNatsError} from '../clients/nats/connection.ts';
import {readAllConnections} from '../clients/nats/connections.ts';
import {readHealthz, readStore} from '../clients/nats/monitor.ts';
import {readNode} from '../clients/nats/node.ts';
import {natsOptions} from '../clients/nats/options.ts';
import {whoAnswers} from '../clients/nats/who-answers.ts';
import {runCommand} from '../clients/run-command.ts';
import {measureDisk} from '../clients/store-disk.ts';
import {readStorePlace} from '../clients/store-place.ts';
import {childEnvironment} from '../config/child-environment.ts';
import {nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {machineClock} from './clock.ts';
import type {Control, Deployment, Engine, Server} from './deployment.ts';
import {connectToChange, connectToRead} from './real-jetstream.ts';

/** What the real deployment is reached with. */
export type Reach = {config: Config; env: NodeJS.ProcessEnv; docker: DockerClient};

/** The deployment that a configuration names. No connection is made before the first call. */
export function openDeployment(reach: Reach): Deployment {
	const {config, env} = reach;
	return {
		clock: machineClock,
		engine: engineOf(reach),
		server: serverOf(reach),
		endpoints: {health: readHealth, metrics: readMetrics},
		connect: () => connectToRead(config.nats, env),
		// Not made at all for a read-only console.
		...(!config.readOnly && {control: controlOf(reach)}),
	};
}

function engineOf({config, docker}: Reach): Engine {
	const {project} = config.docker;
	return {
		address: docker.endpoint.describe,
		id: () => docker.engineId(),
		version: () => docker.version(),
		containers: () => docker.list(project),
		mounts: (containerId) => docker.mounts(containerId),
		async composition() {
			const compose = await docker.composeProject(project);
			return (
				compose && {
					files: compose.configFiles,
					missing: [...compose.configFiles, ...compose.environmentFiles].filter((file) => !existsSync(file)),
					services: await composeServices(docker.endpoint, compose),
				}
			);
		},
		storePlace: (containerId, monitor, signal) => readStorePlace(docker, containerId, monitor, signal),
		storeDisk: (containerId, folder) => measureDisk(docker, containerId, folder),
		describe: (error) => describeDockerError(error, docker.endpoint),
	};
}

function serverOf({config, env, docker}: Reach): Server {
	const address = (): Promise<string> =>
		natsOptions(config.nats, env).then(
			({shownUrl}) => shownUrl,
			() => `the service ${config.nats.service}`,
		);
	return {
		address,
		identity: async (containers, signal) =>
			readIdentity(docker, config, containers, await whoAnswers(config.nats, env, signal), signal),
		connections: (signal) =>
			readAllConnections(
				nodesOf(config).map(({monitor}) => monitor),
				signal,
			),
		healthz: readHealthz,
		node: async (...given) => (await readNode(...given)).view,
		store: readStore,
		describe: async (error) => describeNatsError(error, await address()),
	};
}

function controlOf({config, env, docker}: Reach): Control {
	return {
		...openDockerControl(docker.endpoint),
		async make(services, {anew = false, timeoutMs, signal} = {}) {
			const compose = await docker.composeProject(config.docker.project);
			await composeUp(docker.endpoint, compose, services, signal, anew, timeoutMs);
		},
		connect: () => connectToChange(config.nats, env),
		command: (argv, options) =>
			runCommand(argv, {
				...options,
				env: {
					...childEnvironment(env, config.passEnvironment),
					JETMEDIC_DEPLOYMENT: config.deployment,
					JETMEDIC_PROJECT: config.docker.project,
					JETMEDIC_STREAM: config.stream,
				},
			}),
	};
}
