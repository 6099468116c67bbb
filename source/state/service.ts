import {own} from './record.ts';

/** Docker's own words for a container's state, and `missing` for a service whose container was removed. */
export type ContainerStatus =
	| 'created'
	| 'running'
	| 'paused'
	| 'restarting'
	| 'removing'
	| 'exited'
	| 'dead'
	| 'missing';

import type {Reading} from './reading.ts';

export type ServiceState = {
	at: number;
	/** The key under which it is known: Compose's name of the service, and with its number from the second replica on (`worker-2`). */
	service: string;
	/** Whether its container could be read at the last look. */
	reading?: Reading;
	/** Compose's name of the service, which all its replicas share. */
	composeService?: string;
	/** Which replica of its service it is, from 1. */
	number?: number;
	/** Empty when missing. */
	containerId: string;
	containerName: string;
	image: string;
	/** It runs `nats-server`, whatever its service is called. */
	natsServer?: true;
	status: ContainerStatus;
	/** `none` where the container has no health check. */
	health: 'none' | 'starting' | 'healthy' | 'unhealthy';
	exitCode: number;
	oomKilled: boolean;
	/** Docker's RestartCount: restarts by the restart policy since the container was made. */
	restarts: number;
	startedAt?: number;
	finishedAt?: number;
	/** When the status last changed as this console saw it. */
	statusSince: number;
	/** When the health last changed as this console saw it. */
	healthSince?: number;
	/** When this console saw that the container had been started anew. */
	restartedAt?: number;
	/** The times of its last restarts by the restart policy as this console saw them, oldest first, at most ten. */
	restartTimes?: number[];
	/** How the container ended last, as far as this console saw an end. */
	lastExit?: {at: number; exitCode: number; oomKilled: boolean};
	/** When the kernel last killed a process of it because its memory was at the limit, as this console saw it. */
	oomAt?: number;
	/** Services that this one depends on, from the label `com.docker.compose.depends_on`. */
	dependsOn: string[];
	/** Those of them that must only have ended well (`service_completed_successfully`). */
	completed?: string[];
	/** The engine's word for who starts it again: `no`, `on-failure`, `always`, `unless-stopped`. */
	restartPolicy?: string;
	/** Nothing speaks against it being a job, which ends by itself: no restart after success, no health check, no published port. */
	mayEnd?: true;
	/** Networks that the container is attached to. */
	networks: string[];
	/** Its addresses in them: by these the server knows who is connected. */
	addresses: string[];
	/** The gateways of its networks: who comes through a port that the host publishes has this address in them. */
	gateways?: string[];
	/** Cores that it may use; undefined without a limit. */
	cpuLimit?: number;
	/** Host ports that are published: `127.0.0.1:4222->4222/tcp`. */
	ports: string[];
	stopTimeoutSeconds?: number;
	/** The last output of the health check when it failed, one line. */
	healthOutput?: string;
	stats?: {
		at: number;
		/** Per cent of one core, as `docker stats` has it. Undefined until two samples were taken. */
		cpuPercent?: number;
		memoryBytes: number;
		memoryLimitBytes: number;
	};
};

/** It runs and is attached to no network. */
export const isDetached = ({status, networks}: Pick<ServiceState, 'status' | 'networks'>): boolean =>
	status === 'running' && networks.length === 0;

/** The fields by which a job is known. */
type Job = Pick<ServiceState, 'status' | 'exitCode' | 'oomKilled' | 'mayEnd'>;

/** A job, such as a migration, that has done its work: nothing is wrong with it, and nobody starts it again. */
export const isDoneJob = ({status, exitCode, oomKilled, mayEnd}: Job): boolean =>
	mayEnd === true && status === 'exited' && exitCode === 0 && !oomKilled;

/**
Somebody stopped it: the engine starts what has this policy again whenever it ends by itself, and leaves what was stopped or
killed through its API. (https://docs.docker.com/engine/containers/start-containers-automatically/)
*/
export const wasStoppedByHand = ({
	status,
	restartPolicy = '',
}: Pick<ServiceState, 'status' | 'restartPolicy'>): boolean =>
	status === 'exited' && ['always', 'unless-stopped'].includes(restartPolicy);

/** Compose's name of the service that is known by a key: a run acts on all of its replicas, and names it so. */
export const composeServiceName = (key: string, services: Readonly<Record<string, ServiceState>>): string =>
	own(services, key)?.composeService ?? key;

/** The containers of a Compose service: each of its replicas, or the one that has this name as its key. */
export function replicasOf<T extends Pick<ServiceState, 'service' | 'composeService'>>(
	service: string,
	containers: readonly T[],
): T[] {
	const all = containers.filter((one) => (one.composeService ?? one.service) === service);
	return all.length > 0 ? all : containers.filter((one) => one.service === service);
}
