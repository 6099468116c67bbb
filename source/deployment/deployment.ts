import type {Mount} from '../clients/docker/client.ts';
import type {HealthAnswer} from '../clients/health.ts';
import type {MetricsAnswer} from '../clients/metrics.ts';
import type {Healthz} from '../clients/nats/monitor.ts';
import type {StoreDisk} from '../clients/store-disk.ts';
import type {HealthEndpoint, MetricsEndpoint} from '../config/schema.ts';
import type {NodeView} from '../state/cluster.ts';
import type {NatsConnections} from '../state/nats-users.ts';
import type {ContainerFacts} from '../state/observation.ts';
import type {ProjectFacts} from '../state/project.ts';
import type {ServerAnswer} from '../state/server-answer.ts';
import type {StorePlace} from '../state/store-place.ts';
import type {Clock} from './clock.ts';
import type {JetStream, JetStreamControl} from './jetstream.ts';

export type {Mount} from '../clients/docker/client.ts';
export type {Healthz} from '../clients/nats/monitor.ts';
export type {StoreDisk} from '../clients/store-disk.ts';

/**
THE SEAM: everything that a plan, a run, a put-back and a resume know of the outside world and do to it. The real form is made
of the clients (`openDeployment`); the tests have a simulated one. One contract suite holds both to the same answers.

A read-only console has a deployment without `control`, so what would change something does not compile.
*/
export type Deployment = {
	readonly clock: Clock;
	readonly engine: Engine;
	readonly server: Server;
	readonly endpoints: Endpoints;
	/** Connects to NATS once. @throws when no server can be reached, or it refuses; see `server.describe`. */
	connect(): Promise<JetStream>;
	/** What changes the deployment; undefined when it is read-only. */
	readonly control?: Control;
};

/** What is read of the Docker engine. */
export type Engine = {
	/** Its address, as it is shown: `unix:///var/run/docker.sock`. */
	readonly address: string;
	/** What makes this engine this one and no other (GET /info, `ID`). @throws when it cannot be reached. */
	id(): Promise<string>;
	/** @throws when it cannot be reached. */
	version(): Promise<{version: string; apiVersion: string}>;
	/**
	The containers of the project's services, running or not, each by the name that Compose gives its service: a scaled one has
	several. @throws when it cannot be reached.
	*/
	containers(): Promise<ContainerFacts[]>;
	/** What else bears the project's name: impostors, several containers for one number, other projects. @throws as `containers`. */
	project(): Promise<ProjectFacts>;
	/** Which folders of the engine's host a container has mounted; none once it is gone. @throws as `containers`. */
	mounts(containerId: string): Promise<Mount[]>;
	/**
	Where the server in a container keeps its streams; see `readStorePlace`. Never throws.

	@param monitor - Undefined when nobody may be asked.
	*/
	storePlace(containerId: string, monitor: string | undefined, signal?: AbortSignal): Promise<StorePlace>;
	/** What Compose would make containers of; undefined when no container says it. @throws as `containers`. */
	composition(): Promise<Composition | undefined>;
	/** The disk that a server keeps its store on. @throws as `containers`, or when the disk does not answer. */
	storeDisk(containerId: string | undefined, folder: string | undefined): Promise<StoreDisk>;
	/** A failed call as a sentence: what failed, on what, what to do. */
	describe(error: unknown): string;
};

/** The Compose files of a project. */
export type Composition = {
	files: string[];
	/** Those of its files that are not on this host. */
	missing: string[];
	/** The services that the files name; undefined when they cannot be read, or must not be. */
	services?: string[] | undefined;
	/** The command that makes the containers of these services, or makes them once more, quoted for a shell: the very one that `control.make` runs. */
	command(services: readonly string[], anew?: boolean): string;
	/** Why Compose is not run on these files, and what to do, as sentences; undefined when it can be. */
	refused?: string | undefined;
};

/** What is read of the NATS servers without a connection: their monitoring ports. */
export type Server = {
	/** The address of NATS without credentials. Never throws. */
	address(): Promise<string>;
	/** Whether those that answer are the servers in the containers; see `readIdentity`. Never throws. */
	identity(containers: readonly ContainerFacts[], signal?: AbortSignal): Promise<ServerAnswer[]>;
	/** Who is connected to the servers; undefined when one of them does not say. Never throws. */
	connections(signal?: AbortSignal): Promise<NatsConnections | undefined>;
	/** GET /healthz. Never throws. */
	healthz(monitor: string, signal?: AbortSignal, deadlineMs?: number): Promise<Healthz>;
	/** What a server says of itself and of its cluster. @throws when one of the answers is missing. */
	node(monitor: string, signal?: AbortSignal, deadlineMs?: number): Promise<NodeView>;
	/** Where it keeps its store, and how full that is. @throws when there is no answer. */
	store(
		monitor: string,
		signal?: AbortSignal,
	): Promise<{folder: string; usedBytes: number; limitBytes: number}>;
	/** Why NATS cannot be used, as a sentence without a secret. */
	describe(error: unknown): Promise<string>;
};

/** What is read of the services themselves. Neither throws. */
export type Endpoints = {
	health(endpoint: HealthEndpoint, signal?: AbortSignal, deadlineMs?: number): Promise<HealthAnswer>;
	metrics(endpoint: MetricsEndpoint, signal?: AbortSignal, deadlineMs?: number): Promise<MetricsAnswer>;
};

/**
What changes a deployment. A call that rejects may have acted all the same: the engine, the server or the way back can fail
after the act.
*/
export type Control = {
	/** POST /containers/<id>/restart. */
	restart(containerId: string, graceSeconds?: number): Promise<void>;
	/** POST /containers/<id>/stop. A stopped container is success. */
	stop(containerId: string, graceSeconds?: number): Promise<void>;
	/** POST /containers/<id>/start. A running container is success. */
	start(containerId: string): Promise<void>;
	/** POST /containers/<id>/unpause. A container that is not paused is success. */
	unpause(containerId: string): Promise<void>;
	/** `docker compose up -d --no-deps` for these services; see `composeUp`. */
	make(services: string[], options?: MakeOptions): Promise<void>;
	/** Connects to NATS once, with what changes streams. @throws as `Deployment.connect`. */
	connect(): Promise<JetStreamControl>;
	/** Runs a command of the operator's; see `runCommand`. Never throws for a command that fails. */
	command(argv: readonly string[], options: {deadlineMs: number; signal: AbortSignal}): Promise<CommandEnd>;
};

export type MakeOptions = {
	/** Makes containers that exist once more (`--force-recreate`). */
	anew?: boolean;
	timeoutMs?: number;
	signal?: AbortSignal;
};

/** How a command ended. `why` is set when it could not be started. */
export type CommandEnd = {
	code: number | null;
	signal: string | null;
	output: string;
	timedOut: boolean;
	why?: string;
};

/** Connects, does `work`, and closes, whatever happens: a connection of its own outlives no restart of the server. */
export async function withJetStream<C extends JetStream, T>(
	connect: {connect(): Promise<C>},
	work: (jetstream: C) => Promise<T>,
): Promise<T> {
	const jetstream = await connect.connect();
	try {
		return await work(jetstream);
	} finally {
		await jetstream.close();
	}
}
