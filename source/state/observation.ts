import type {NodeState, NodeView} from './cluster.ts';
import type {ProjectFacts} from './project.ts';
import type {ReadingFacts} from './reading.ts';
import type {RunState} from './run.ts';
import type {ServerAnswer} from './server-answer.ts';
import type {StorePlace} from './store-place.ts';
import type {
	ConsumerState,
	EscalationState,
	HealthState,
	JszState,
	LogLine,
	MetricsState,
	Named,
	NatsState,
	ServiceState,
	ServiceUsual,
	SourceReason,
	StreamChanges,
	StreamState,
	VarzState,
} from './types.ts';

/** A container that is there and could not be read, by its service. */
export type Unread = {service: string; error: string};

/** What a source saw of a container; the reducer adds what only time tells. */
export type ContainerFacts = Omit<
	ServiceState,
	| 'at'
	| 'reading'
	| 'statusSince'
	| 'healthSince'
	| 'restartedAt'
	| 'restartTimes'
	| 'lastExit'
	| 'oomAt'
	| 'stats'
>;

/** What a source saw of a consumer; the reducer adds what only time tells. */
export type ConsumerFacts = Omit<
	ConsumerState,
	| 'at'
	| 'lagPerSecond'
	| 'deliveredPerSecond'
	| 'floorPerSecond'
	| 'lagZeroAt'
	| 'lagGrowingSince'
	| 'firstSeenAt'
	| 'floorMovedAt'
	| 'deliveredMovedAt'
	| 'aheadSince'
	| 'idleSince'
	| 'longestIdleMs'
	| 'maxDeliveries'
	| 'deletedAt'
	| 'goneAt'
	| 'present'
	| 'reading'
>;

/** What a source saw of a stream; the reducer adds what only time tells. */
export type StreamFacts = Omit<
	StreamState,
	| 'at'
	| 'inPerSecond'
	| 'outPerSecond'
	| keyof StreamChanges
	| 'deletedAt'
	| 'updatedAt'
	| 'readFrom'
	| 'remembered'
	| 'present'
	| 'reading'
	| 'consumersReading'
	| 'consumers'
	| 'consumersAt'
	| 'unansweredConsumers'
> & {
	/** Undefined where the consumers were not read this time. */
	consumers?: ConsumerFacts[];
	/** Consumers that are there and that no server answers for. */
	missingConsumers?: string[];
	/** Those that are not in the list, and of which the server did not say that they are not there. */
	unsureConsumers?: string[];
	/** How far the list was read, if that is not as a whole. Undefined without consumers: it was not looked at. */
	consumersReading?: ReadingFacts;
};

/** What the server tells by itself (ADR-5 of NATS, `$JS.EVENT.ADVISORY.>`). */
export type Advisory =
	| {kind: 'stream-created' | 'stream-deleted' | 'stream-updated'; stream: string}
	| {kind: 'consumer-created' | 'consumer-deleted' | 'max-deliveries'; stream: string; consumer: string};

/** One thing that a source saw, with its time (milliseconds since the epoch). */
export type Observation = {at: number} & (
	| {kind: 'source'; source: string; status: 'up' | 'down'; error?: string; reason?: SourceReason}
	| {kind: 'engine'; id?: string; version: string; apiVersion: string}
	/** All containers of the project: a service that is not among them is missing. `unread`: those that are there and could not be read. */
	| {kind: 'containers'; containers: ContainerFacts[]; unread?: Unread[]; project?: ProjectFacts}
	| {kind: 'container'; container: ContainerFacts}
	/** The engine told that a container ended, or that the kernel killed a process of it: read later it may run again. */
	| {kind: 'ended'; service: string; exitCode?: number; oom?: true}
	| {kind: 'stats'; service: string; cpuPercent?: number; memoryBytes: number; memoryLimitBytes: number}
	| {
			kind: 'connection';
			status: NatsState['connection']['status'];
			url: string;
			error?: string;
			server?: NatsState['server'];
			/** `host:port` of the server, of several. */
			address?: string;
	  }
	| {kind: 'rtt'; rttMs: number}
	/** Which servers answer, against those in the containers. */
	| {kind: 'identity'; answers: ServerAnswer[]}
	| {
			kind: 'healthz';
			status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
			answers?: true;
			error?: string;
			elapsedMs: number;
	  }
	| {
			kind: 'varz';
			varz: Omit<VarzState, 'at' | 'inMessagesPerSecond' | 'outMessagesPerSecond' | 'slowConsumersRose'>;
			/** Of one of several servers; else of the one that there is. */
			service?: string;
	  }
	| {kind: 'jsz'; jsz: Omit<JszState, 'at'>; service?: string}
	| {kind: 'connz'; byAddress: Record<string, number>}
	/** Where a server keeps its streams. */
	| {kind: 'store'; service: string; place: StorePlace}
	| {kind: 'disk'; freeBytes: number; totalBytes: number; service?: string}
	| {kind: 'advisory'; advisory: Advisory}
	/** What was known of the streams and what is usual in the logs, when the console last ran. */
	| {
			kind: 'memory';
			streams: StreamState[];
			/** Of which streams a configuration was saved, with those of their consumers. */
			saved?: Record<string, string[]>;
			usual?: Record<string, Pick<ServiceUsual, 'minutes' | 'perMinute'>>;
			/** Services that were seen with a container. */
			services?: string[];
			/** What was known before was another engine's. */
			replaces?: true;
	  }
	| {kind: 'account'; account: Omit<NonNullable<NatsState['account']>, 'at'>}
	/**
	All streams of the account: one that is not among them, nor among those that nobody answers for (`missing`), nor among
	those that are not known to be gone (`unsure`), is gone.
	*/
	| {
			kind: 'streams';
			streams: StreamFacts[];
			missing?: string[];
			unsure?: string[];
			/** How far the list was read, if that is not as a whole: then nothing is gone by its absence. */
			reading?: ReadingFacts;
	  }
	/** The answer about a stream, or a consumer, that was asked for by name. */
	| {kind: 'named'; stream: string; consumer?: string; answer: Named['answer']; error?: string}
	/** How far a list or figures were read; see `DeploymentState.readings`. */
	| {kind: 'reading'; of: string; reading: ReadingFacts}
	/** One look is over. */
	| {kind: 'over'}
	/** /healthz of one server of a cluster. */
	| ({kind: 'node'} & Pick<
			NodeState,
			'service' | 'remote' | 'left' | 'status' | 'answers' | 'error' | 'elapsedMs'
	  >)
	/** What it says of itself and of the cluster. */
	| {kind: 'node-view'; service: string; view: NodeView}
	| ({kind: 'health'} & Omit<HealthState, 'at' | 'since' | 'reading'>)
	| ({kind: 'metrics'} & Omit<MetricsState, 'at' | 'since' | 'valueSince' | 'reading'>)
	/** `dropped`: how many more lines of the same service came and were not kept. */
	| {kind: 'log'; lines: Omit<LogLine, 'seq'>[]; dropped?: number}
	| {kind: 'run'; run: RunState | undefined}
	| {kind: 'incident'; since: number | undefined; escalation?: EscalationState}
);

/** Hands an observation to whoever keeps the state. Never throws. */
export type Emit = (observation: Observation) => void;

/** The observation of one kind. */
export type ObservationOf<Kind extends Observation['kind']> = Extract<Observation, {kind: Kind}>;
