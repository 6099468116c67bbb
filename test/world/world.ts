import type {JournalEvent} from '../../source/records/event.ts';
import type {SavedConfigs} from '../../source/records/saved-configs.ts';
import type {ServiceSpec, WorldContainer} from './containers.ts';
import type {Port} from './port.ts';
import type {Ranges} from './ranges.ts';
import {
	type ConsumerConfig,
	consume,
	makeConsumer,
	makeStream,
	publish,
	type StreamConfig,
	type WorldStream,
} from './stream.ts';
import {type Timeline, timeline} from './timeline.ts';

/** What somebody did to the world, in the order in which it happened. */
export type Act = {
	at: number;
	/** A process's name, or an actor's. */
	by: string;
	/** The run, where a run did it. */
	run?: string;
	kind:
		| 'stop'
		| 'start'
		| 'restart'
		| 'unpause'
		| 'pause'
		| 'remove'
		| 'make'
		| 'purge'
		| 'create-stream'
		| 'update-stream'
		| 'delete-stream'
		| 'create-consumer'
		| 'delete-consumer'
		| 'reset-consumer'
		| 'resume-consumer';
	project?: string;
	service?: string;
	containerId?: string;
	serverId?: string;
	stream?: string;
	/** When the stream was made: with its name it is its identity. */
	streamCreated?: number;
	consumer?: string;
	/** What a purge removed, and how many of that each consumer had not acknowledged. */
	removed?: Ranges;
	unprocessed?: number;
	/** Of a run: the journal had said it, and the deployment was its own, when it was sent. */
	isAnnounced?: boolean;
	isHolder?: boolean;
	/** When the run last read the stream before it sent it. */
	lookedAt?: number;
};

/** What a process wrote, in the order in which it was on disk. */
export type Folder = {
	name: string;
	isFull: boolean;
	journals: Map<string, {events: JournalEvent[]; isKept: boolean}>;
	saved: SavedConfigs;
	/** By `<stream> <consumer>`: what its console saw last. */
	seen: Map<string, {floor: number; processed: number; at: number}>;
	backups: Map<string, {messages: Ranges; stream: string; streamCreated: number}>;
	incidentSince?: number;
};

/** The lock that the engine holds for a deployment. */
export type EngineLock = {
	port: Port;
	run: string;
	copy: JournalEvent[];
	finishes: string[];
};

/** A server: a container's program, with its store. */
export type WorldServer = {
	service: string;
	/** Another one after each start. */
	id: string;
	name: string;
	version: string;
	bootsInMs: number;
	/** When it is ready; infinite while it does not run. */
	readyAt: number;
	/** Its store, in a volume that outlives its container. */
	streams: Map<string, WorldStream>;
	/** Streams that are on disk and that it does not know. */
	forgotten: Map<string, WorldStream>;
	/** What it has been asked while it was paused. */
	inbox: (() => void)[];
};

/** A line of the story. */
export type Line = {at: number; who: string; text: string};

/** The milliseconds since the epoch at which a world begins. */
export const epoch = Date.UTC(2026, 10, 23, 14, 0, 0);

const reconnectsInMs = 700;
// Publishing and consuming are reckoned in steps, so that a limit binds while both go on.
const stepMs = 2000;

/** The simulated deployment: everything that is there, and everything that happens to it by itself. */
export class World {
	readonly time: Timeline = timeline();
	readonly project = 'titan';
	readonly engineId = 'WRLD:ENGI:NE01';
	readonly containers: WorldContainer[] = [];
	/** What a Compose file would make. */
	readonly specs: ServiceSpec[] = [];
	readonly server: WorldServer;
	readonly acts: Act[] = [];
	readonly folders = new Map<string, Folder>();
	readonly story: Line[] = [];
	/** The processes by the runs that they are. */
	readonly runs = new Map<string, Port>();
	readonly ports: Port[] = [];
	readonly hostLocks = new Map<string, {port: Port; run: string}>();
	engineLock: EngineLock | undefined;
	isEngineDead = false;
	/** What every answer of the engine takes longer. */
	engineSlowMs = 0;
	#advancedTo = 0;
	#made = 0;

	constructor(service: string) {
		this.server = {
			service,
			id: '',
			name: 'nats-1',
			version: '2.15.1',
			bootsInMs: 400,
			readyAt: Number.POSITIVE_INFINITY,
			streams: new Map(),
			forgotten: new Map(),
			inbox: [],
		};
	}

	now(): number {
		return this.time.now();
	}

	wall(): number {
		return epoch + this.time.now();
	}

	tell(who: string, text: string): void {
		this.story.push({at: this.now(), who, text});
	}

	act(act: Omit<Act, 'at'>): void {
		this.acts.push({at: this.now(), ...act});
		const what = act.service ?? [act.stream, act.consumer].filter(Boolean).join('/');
		this.tell('world', `${act.kind} ${what} by ${act.by}`);
	}

	folder(name: string): Folder {
		let folder = this.folders.get(name);
		if (!folder) {
			folder = {
				name,
				isFull: false,
				journals: new Map(),
				saved: {streams: {}},
				seen: new Map(),
				backups: new Map(),
			};
			this.folders.set(name, folder);
		}
		return folder;
	}

	/** A container of a service of the deployment, or of another project; it does not run yet. */
	addContainer(spec: ServiceSpec, project = this.project): WorldContainer {
		const container: WorldContainer = {
			id: `${(++this.#made).toString(16).padStart(4, '0')}${spec.service}`,
			project,
			spec,
			image: `${spec.service}:1`,
			status: 'exited',
			health: 'none',
			networks: [`${project}_default`],
			exitCode: 0,
			restarts: 0,
			startedAt: this.wall(),
			isStuck: false,
			connectedAt: Number.POSITIVE_INFINITY,
			later: [],
			owed: {published: 0, consumed: 0},
		};
		this.containers.push(container);
		return container;
	}

	containerOf(service: string): WorldContainer | undefined {
		return this.containers.find((one) => one.project === this.project && one.spec.service === service);
	}

	containerById(id: string): WorldContainer | undefined {
		return this.containers.find((one) => one.id === id);
	}

	get serverContainer(): WorldContainer | undefined {
		return this.containerOf(this.server.service);
	}

	serverState(): 'down' | 'paused' | 'booting' | 'ready' {
		const container = this.serverContainer;
		if (!container || container.status === 'exited' || container.status === 'restarting') {
			return 'down';
		}
		if (container.status === 'paused' || container.isStuck) {
			return 'paused';
		}
		return this.now() >= this.server.readyAt ? 'ready' : 'booting';
	}

	/** Starts a container's program. */
	startContainer(container: WorldContainer): void {
		this.settle();
		this.#forget(container);
		container.status = 'running';
		container.isStuck = false;
		container.startedAt = this.wall();
		const {healsInMs} = container.spec;
		container.health = healsInMs === undefined ? 'none' : 'starting';
		if (healsInMs !== undefined) {
			this.#later(container, healsInMs, () => {
				container.health = 'healthy';
			});
		}
		if (this.#isServer(container)) {
			this.server.id = `N${(++this.#made).toString(16).toUpperCase().padStart(6, '0')}`;
			this.server.readyAt = this.now() + this.server.bootsInMs;
			this.#later(container, this.server.bootsInMs, () => this.#reconnectAll());
		} else {
			this.#reconnect(container);
		}
	}

	/** Ends a container's program, however. */
	endContainer(container: WorldContainer, exitCode = 0): void {
		this.settle();
		this.#forget(container);
		container.status = 'exited';
		container.health = container.health === 'none' ? 'none' : 'unhealthy';
		container.exitCode = exitCode;
		container.finishedAt = this.wall();
		container.connectedAt = Number.POSITIVE_INFINITY;
		if (this.#isServer(container)) {
			this.server.readyAt = Number.POSITIVE_INFINITY;
			this.server.inbox.length = 0;
			for (const [name, {config}] of this.server.streams) {
				if (config.storage === 'memory') {
					this.server.streams.delete(name);
				}
			}
			this.#disconnectAll();
		}
	}

	pauseContainer(container: WorldContainer): void {
		this.settle();
		container.status = 'paused';
		if (this.#isServer(container)) {
			this.#disconnectAll();
		}
		container.connectedAt = Number.POSITIVE_INFINITY;
	}

	unpauseContainer(container: WorldContainer): void {
		this.settle();
		container.status = 'running';
		if (this.#isServer(container)) {
			this.#reconnectAll();
			if (this.serverState() === 'ready') {
				// What it was asked while it was frozen it does now (docs/facts.md).
				for (const work of this.server.inbox.splice(0)) {
					work();
				}
			}
		} else {
			this.#reconnect(container);
		}
	}

	removeContainer(container: WorldContainer): void {
		if (container.status !== 'exited') {
			this.endContainer(container, 137);
		}
		this.containers.splice(this.containers.indexOf(container), 1);
	}

	/** Its program hangs; the container runs and gets unhealthy. */
	hang(container: WorldContainer): void {
		this.settle();
		container.isStuck = true;
		container.health = container.health === 'none' ? 'none' : 'unhealthy';
		container.connectedAt = Number.POSITIVE_INFINITY;
		if (this.#isServer(container)) {
			this.#disconnectAll();
		}
	}

	addStream(config: StreamConfig, bytesOfOne?: number): WorldStream {
		// Two that are made in one millisecond are still two: the server tells nanoseconds.
		const stream = makeStream(config, this.now() + ++this.#made / 1e6, bytesOfOne);
		this.server.streams.set(config.name, stream);
		return stream;
	}

	addConsumer(stream: WorldStream, config: ConsumerConfig): void {
		makeConsumer(stream, config, this.now());
	}

	/** Everything that clients did since it was last asked. */
	settle(): void {
		for (let from = this.#advancedTo; from < this.now(); from = this.#advancedTo) {
			this.#advancedTo = Math.min(this.now(), from + stepMs);
			if (this.server.readyAt <= from) {
				this.#advance(this.#advancedTo - from);
			}
		}
	}

	#advance(ms: number): void {
		for (const container of this.containers) {
			const {spec, owed} = container;
			if (container.connectedAt > this.#advancedTo - ms || this.serverState() !== 'ready') {
				continue;
			}
			const stream = this.server.streams.get(this.workStream);
			if (!stream) {
				continue;
			}
			owed.published += ((spec.publishesPerSecond ?? 0) * ms) / 1000;
			const publishes = Math.floor(owed.published);
			owed.published -= publishes;
			if (publishes > 0) {
				publish(stream, publishes, this.#advancedTo);
			}
			const consumer = spec.consumes && stream.consumers.get(spec.consumes.consumer);
			if (consumer && !this.isPaused(consumer.config)) {
				owed.consumed = Math.min(owed.consumed + (spec.consumes!.perSecond * ms) / 1000, 10_000);
				const consumes = Math.floor(owed.consumed);
				owed.consumed -= consumes;
				consume(stream, consumer, consumes, this.#advancedTo);
			}
		}
	}

	/** The stream that the clients work with. */
	workStream = '';

	isPaused = ({pause_until: until}: ConsumerConfig): boolean =>
		until !== undefined && Date.parse(until) > this.wall();

	/** What a console that watches remembers of the consumers; it looks as long as it may. */
	look(folder: Folder): void {
		this.settle();
		if (this.serverState() !== 'ready' || folder.isFull) {
			return;
		}
		for (const stream of this.server.streams.values()) {
			for (const {name, floor, delivered} of stream.consumers.values()) {
				folder.seen.set(`${stream.config.name} ${name}`, {
					floor,
					processed: Math.max(0, delivered - floor),
					at: this.wall(),
				});
			}
		}
	}

	streamAt(name: string): WorldStream | undefined {
		this.settle();
		return this.server.streams.get(name);
	}

	#isServer(container: WorldContainer): boolean {
		return container === this.serverContainer;
	}

	#reconnectAll(): void {
		for (const container of this.containers) {
			this.#reconnect(container);
		}
	}

	#reconnect(container: WorldContainer): void {
		const {spec} = container;
		if (
			container.project !== this.project ||
			this.#isServer(container) ||
			(spec.publishesPerSecond === undefined && spec.consumes === undefined) ||
			container.status !== 'running' ||
			container.isStuck ||
			container.networks.length === 0 ||
			this.serverState() !== 'ready'
		) {
			return;
		}
		container.connectedAt = this.now() + reconnectsInMs;
		this.#later(container, reconnectsInMs, () => {});
	}

	#disconnectAll(): void {
		for (const container of this.containers) {
			container.connectedAt = Number.POSITIVE_INFINITY;
		}
	}

	isConnected(container: WorldContainer): boolean {
		return container.connectedAt <= this.now() && this.serverState() === 'ready';
	}

	#later(container: WorldContainer, ms: number, work: () => void): void {
		container.later.push(
			this.time.after(ms, () => {
				this.settle();
				work();
			}),
		);
	}

	#forget(container: WorldContainer): void {
		for (const takeBack of container.later.splice(0)) {
			takeBack();
		}
	}
}
