import type {HealthState, MetricsState} from './endpoint.ts';
import type {LogState} from './log.ts';
import type {NatsState} from './nats.ts';
import type {ProjectFacts} from './project.ts';
import type {Reading} from './reading.ts';
import type {RunState} from './run.ts';
import type {ServiceState} from './service.ts';
import type {StreamState} from './stream.ts';

export type {HealthState, MetricsState} from './endpoint.ts';
export type {LogLine, LogRate, LogState, ServiceUsual} from './log.ts';
export type {NatsState} from './nats.ts';
export type {JszState, VarzState} from './server.ts';
export type {ContainerStatus, ServiceState} from './service.ts';
export type {ConsumerState, StreamChanges, StreamState, Upstream} from './stream.ts';

/**
What is known of a deployment. The whole state is one plain serialisable object, so that it can be recorded,
replayed, compared and put in a bug report. Times are milliseconds since the epoch; every part carries the
time of the observation that it comes from (`at`), so that a screen can show how old a figure is.
*/
export type DeploymentState = {
	deployment: string;
	/** The name of the machine that the console runs on. */
	host: string;
	production: boolean;
	/** What the charts are drawn of; without it, the largest of all. */
	watched?: {stream: string; consumer: string};
	startedAt: number;
	/** The newest time that any observation carried. */
	at: number;
	/** This is one look, and it is over: waiting longer changes nothing of what it could not read. */
	isOver?: true;
	/** How far lists and figures were read: `streams`, `containers`, `account`, `varz`, `jsz`, `connz`. */
	readings?: Record<string, Reading>;
	/** What the server said of streams (`ORDERS`) and consumers (`ORDERS/billing`) that were asked for by name. */
	named?: Record<string, Named>;
	sources: Record<string, SourceState>;
	engine?: EngineState;
	/** By Compose service name. */
	services: Record<string, ServiceState>;
	/** Compose's names of the services that an earlier console saw with a container that is meant to stay. */
	seenServices?: string[];
	/** What else bears the project's name, and what it lacks. */
	project?: ProjectFacts;
	/** When the containers were last listed; undefined until then, so that none seen is not none there. */
	containersAt?: number;
	nats: NatsState;
	/** By stream name. */
	streams: Record<string, StreamState>;
	/** When the streams were last listed; undefined until then. */
	streamsAt?: number;
	/** Of which streams a configuration was saved before this start, with those of their consumers; undefined until it was read. */
	saved?: Record<string, string[]>;
	/** By endpoint name. */
	health: Record<string, HealthState>;
	/** By endpoint name. */
	metrics: Record<string, MetricsState>;
	logs: LogState;
	history: HistoryState;
	/** The newest run that the journal knows, if it is recent or still goes on. */
	run?: RunState;
	/** Those before it that this console has seen, the newest first. */
	earlierRuns?: readonly RunState[];
	/** When the incident began: the first critical finding or the first run. */
	incidentSince?: number;
	/** How far its escalation is; undefined until a process waits for it. */
	escalation?: EscalationState;
};

/** The answer to STREAM.INFO or CONSUMER.INFO: only the server's own 10059 or 10014 makes something missing. */
export type Named = {
	at: number;
	/** When the answer last changed. */
	since: number;
	answer: 'there' | 'missing' | 'unread';
	/** Why it was not read. */
	error?: string;
};

/** The escalation of the incident, as its process tells of it. */
export type EscalationState = {
	/** Who gets the report: names of programs, hosts of webhooks. */
	to: string[];
	/** When it is sent. */
	dueAt: number;
	/** Whether a process waits or sends. */
	alive: boolean;
	/** How often it was sent, with or without success. */
	attempts: number;
	/** Who has got it. */
	delivered: string[];
	deliveredAt?: number;
	/** When it was given up. */
	failedAt?: number;
	/** Why somebody has not got it, with who: `pager: it ended with code 1`. */
	error?: string;
};

/** Whether a source of observations works: `docker`, `nats`, `monitor`, `node:<service>`, `records`, `health:<name>`, `metrics:<name>`, `logs:<service>`. */
export type SourceState = {
	status: 'starting' | 'up' | 'down';
	/** When it became so. */
	since: number;
	/** When it was last seen working. */
	lastUpAt?: number;
	/** Why it is down, in the words of an operator. */
	error?: string;
	/** What kind of failure it is, if that is known. */
	reason?: SourceReason;
};

/** `absent`: nothing is there (refused, no such socket). `silent`: no answer in time. `denied`: this user may not. */
export type SourceReason = 'absent' | 'silent' | 'denied';

export type EngineState = {
	at: number;
	/** The engine's own ID (GET /info); undefined where it did not say. */
	id?: string;
	version: string;
	apiVersion: string;
};

/** A ring of samples, oldest first, one each `sampleEveryMs`, for the charts. */
export type Series = {at: number; value: number}[];

export type HistoryState = {
	/** Lag of the watched consumer (the largest lag of all where none is named). */
	lag: Series;
	/** Bytes of the watched stream. */
	storage: Series;
};
