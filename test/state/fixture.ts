import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {initialState} from '../../source/state/initial.ts';
import type {
	ConsumerFacts,
	ContainerFacts,
	Observation,
	StreamFacts,
} from '../../source/state/observation.ts';
import {reduce} from '../../source/state/reduce.ts';
import type {RunState} from '../../source/state/run.ts';
import type {DeploymentState, Named, SourceReason} from '../../source/state/types.ts';

/** When the console of these tests was started. */
export const t0 = Date.UTC(2026, 10, 23, 14, 0, 0);
export const config: Config = titan;
export const mebibyte = 1 << 20;

export const services = ['titan-nats', 'titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

export const start = (now = t0): DeploymentState => initialState({config, host: 'prod-1', now});

/** The ports that the engine publishes. */
const published: Record<string, string[]> = {
	'titan-nats': ['127.0.0.1:4222->4222/tcp', '127.0.0.1:8222->8222/tcp'],
	'titan-brain': ['127.0.0.1:3100->3100/tcp'],
	'titan-execution': ['127.0.0.1:3100->8081/tcp'],
	'titan-sentinel': ['127.0.0.1:3002->3002/tcp'],
};

export function container(service: string, changes: Partial<ContainerFacts> = {}): ContainerFacts {
	return {
		service,
		containerId: `${service}-id`,
		containerName: `titan-${service}-1`,
		image: service,
		status: 'running',
		health: 'healthy',
		exitCode: 0,
		oomKilled: false,
		restarts: 0,
		startedAt: t0 - 3_600_000,
		dependsOn: service === 'titan-nats' ? [] : ['titan-nats'],
		networks: ['titan_default'],
		addresses: [],
		ports: published[service] ?? [],
		...changes,
	};
}

export const exited: Partial<ContainerFacts> = {
	status: 'exited',
	health: 'none',
	exitCode: 137,
	networks: ['titan_default'],
};

export function consumer(changes: Partial<ConsumerFacts> = {}): ConsumerFacts {
	return {
		name: 'execution-consumer',
		durable: true,
		lag: 0,
		ackPending: 3,
		maxAckPending: 1000,
		redelivered: 0,
		waiting: 1,
		pull: true,
		pushBound: false,
		paused: false,
		deliveredStreamSeq: 5000,
		deliveredConsumerSeq: 5000,
		ackFloorStreamSeq: 4997,
		metadata: {},
		...changes,
	};
}

export function stream(changes: Partial<StreamFacts> = {}): StreamFacts {
	return {
		name: 'TITAN_INTENTS',
		created: t0 - 86_400_000,
		subjects: ['titan.intents.>'],
		messages: 5000,
		bytes: 5 * mebibyte,
		maxBytes: 64 * mebibyte,
		maxMessages: -1,
		discard: 'new',
		storage: 'file',
		firstSeq: 1,
		lastSeq: 5000,
		numDeleted: 0,
		retention: 'limits',
		maxAgeMs: 0,
		maxMessagesPerSubject: -1,
		messageTtl: false,
		upstreams: [],
		sealed: false,
		denyPurge: false,
		metadata: {},
		consumers: [consumer()],
		...changes,
	};
}

export const account: Extract<Observation, {kind: 'account'}>['account'] = {
	storageBytes: 5 * mebibyte,
	maxStorageBytes: -1,
	memoryBytes: 0,
	maxMemoryBytes: -1,
	streams: 1,
	maxStreams: -1,
	consumers: 1,
	maxConsumers: -1,
};

export const jsz: Extract<Observation, {kind: 'jsz'}>['jsz'] = {
	enabled: true,
	streams: 1,
	consumers: 1,
	messages: 5000,
	storageBytes: 5 * mebibyte,
	maxStorageBytes: 1024 * mebibyte,
	memoryBytes: 0,
	maxMemoryBytes: 1024 * mebibyte,
	apiErrors: 0,
};

export const varz: Extract<Observation, {kind: 'varz'}>['varz'] = {
	serverName: 'titan-nats',
	version: '2.15.1',
	startedAt: t0 - 3_600_000,
	connections: 5,
	maxConnections: 65_536,
	slowConsumers: 0,
	cpuPercent: 1,
	memoryBytes: 84 * mebibyte,
	inMessages: 1000,
	outMessages: 1000,
};

export const url = 'nats://127.0.0.1:4222';
export const server = {name: 'titan-nats', version: '2.15.1', clientId: 7, maxPayloadBytes: mebibyte};

export const up = (source: string, at: number): Observation => ({kind: 'source', source, status: 'up', at});
export const down = (source: string, error: string, at: number, reason?: SourceReason): Observation => ({
	kind: 'source',
	source,
	status: 'down',
	error,
	...(reason && {reason}),
	at,
});
/** What the server said of the stream of the runbooks, or of its consumer, by its name. */
export const named = (
	answer: Named['answer'],
	at: number,
	{
		stream: name = 'TITAN_INTENTS',
		consumer: of,
		error,
	}: {stream?: string; consumer?: string; error?: string} = {},
): Observation => ({
	kind: 'named',
	stream: name,
	...(of !== undefined && {consumer: of}),
	answer,
	...(error !== undefined && {error}),
	at,
});
/** The server says that it is not there, and no list has it. */
export const consumerGone = (at: number): Observation =>
	named('missing', at, {consumer: 'execution-consumer'});
export const connected = (at: number): Observation => ({
	kind: 'connection',
	status: 'connected',
	url,
	server,
	at,
});
export const disconnected = (at: number, error = 'the server closed the connection'): Observation => ({
	kind: 'connection',
	status: 'disconnected',
	url,
	error,
	at,
});
export const refused = (at: number): Observation => ({
	kind: 'connection',
	status: 'refused',
	url,
	error: 'the server refuses these credentials',
	at,
});
export const healthz = (
	status: Extract<Observation, {kind: 'healthz'}>['status'],
	at: number,
	error?: string,
): Observation => ({kind: 'healthz', status, error, elapsedMs: 2, at});
export const streams = (at: number, ...listed: StreamFacts[]): Observation => ({
	kind: 'streams',
	streams: listed,
	at,
});

export const health = (
	name: 'brain' | 'execution',
	status: Extract<Observation, {kind: 'health'}>['status'],
	at: number,
	detail = 'nats healthy',
): Observation => ({
	kind: 'health',
	name,
	service: `titan-${name}`,
	url: 'http://127.0.0.1:3100/health',
	status,
	detail,
	httpStatus: 200,
	elapsedMs: 4,
	at,
});

export const metrics = (
	status: Extract<Observation, {kind: 'metrics'}>['status'],
	at: number,
	changes: Partial<Extract<Observation, {kind: 'metrics'}>> = {},
): Observation => ({
	kind: 'metrics',
	name: 'sentinel',
	service: 'titan-sentinel',
	url: 'http://127.0.0.1:3002/metrics',
	status,
	detail: 'nats_lag_messages',
	lagMessages: status === 'ok' ? 0 : undefined,
	storageBytes: status === 'ok' ? 5 * mebibyte : undefined,
	elapsedMs: 4,
	at,
	...changes,
});

export const logs = (service: string, signature: string, times: number[], at: number): Observation => ({
	kind: 'log',
	at,
	lines: times.map((time) => ({
		at: time,
		service,
		stderr: true,
		text: `failed: ${signature}`,
		matches: [signature],
	})),
});

/** All that a healthy deployment shows at one moment. */
export function wellAt(at: number): Observation[] {
	return [
		{kind: 'engine', version: '28.5.1', apiVersion: '1.51', at},
		{kind: 'containers', containers: services.map((service) => container(service)), at},
		up('docker', at),
		connected(at),
		{kind: 'rtt', rttMs: 0.8, at},
		{kind: 'account', account, at},
		streams(at, stream()),
		up('nats', at),
		healthz('ok', at),
		up('monitor', at),
		{kind: 'varz', varz, at},
		{kind: 'jsz', jsz, at},
		health('brain', 'healthy', at),
		up('health:brain', at),
		health('execution', 'healthy', at),
		up('health:execution', at),
		metrics('ok', at),
		up('metrics:sentinel', at),
	];
}

export const observe = (state: DeploymentState, ...observations: Observation[]): DeploymentState =>
	observations.reduce(reduce, state);

/** A healthy deployment that has been watched for ten seconds. */
export const now = t0 + 10_000;
export const well = (): DeploymentState =>
	observe(start(), ...Array.from({length: 11}, (_, second) => wellAt(t0 + second * 1000)).flat());

export function run(changes: Partial<RunState> = {}): RunState {
	return {
		id: 'run-1',
		runbook: 'recover',
		title: 'full recovery',
		deployment: 'titan',
		host: 'prod-1',
		user: 'root',
		origin: 'local',
		pid: 4711,
		startedAt: now,
		at: now,
		steps: [],
		stopped: [],
		checks: [],
		alive: true,
		...changes,
	};
}

/** The same value, and nobody may write to any part of it. */
export function frozen<T>(value: T): T {
	if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		Object.values(value).forEach(frozen);
	}
	return value;
}
