import type {ContainerFacts} from '../../source/state/observation.ts';

/** A service as its Compose file has it. */
export type ServiceSpec = {
	service: string;
	dependsOn?: string[];
	stopSeconds?: number;
	/** How long it takes to stop when it is asked to. */
	stopsInMs?: number;
	/** How long its own health check takes after it was started. */
	healsInMs?: number;
	restart?: 'no' | 'unless-stopped';
	/** What it does with NATS while it runs and is connected. */
	publishesPerSecond?: number;
	consumes?: {consumer: string; perSecond: number};
	/** A mount that its data outlives the container in. */
	mounts?: {source: string; destination: string; writable: boolean}[];
};

export type WorldContainer = {
	id: string;
	project: string;
	spec: ServiceSpec;
	image: string;
	status: 'running' | 'paused' | 'exited' | 'restarting';
	health: 'none' | 'starting' | 'healthy' | 'unhealthy';
	networks: string[];
	exitCode: number;
	restarts: number;
	startedAt: number;
	finishedAt?: number;
	/** Its program hangs: it runs and does nothing. */
	isStuck: boolean;
	/** When its client has reached NATS; infinite while it has not. */
	connectedAt: number;
	/** Takes back what is to happen to it later: its health, the end of a stop. */
	later: (() => void)[];
	/** What of a message it owes: rates are fractions of one a millisecond. */
	owed: {published: number; consumed: number};
};

export const toFacts = (container: WorldContainer): ContainerFacts => ({
	service: container.spec.service,
	containerId: container.id,
	containerName: `${container.project}-${container.spec.service}-1`,
	image: container.image,
	status: container.status,
	health: container.status === 'exited' ? 'none' : container.health,
	exitCode: container.exitCode,
	oomKilled: false,
	restarts: container.restarts,
	startedAt: container.startedAt,
	...(container.finishedAt !== undefined && {finishedAt: container.finishedAt}),
	dependsOn: container.spec.dependsOn ?? [],
	networks: [...container.networks],
	addresses: [],
	ports: [],
	stopTimeoutSeconds: container.spec.stopSeconds ?? 10,
});
