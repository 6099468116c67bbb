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
	/** Compose's name of the service; the key under which it is known. */
	service: string;
	/** Whether its container could be read at the last look. */
	reading?: Reading;
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
	/** Networks that the container is attached to. */
	networks: string[];
	/** Its addresses in them: by these the server knows who is connected. */
	addresses: string[];
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
