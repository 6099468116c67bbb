import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import type {Finding} from '../../source/diagnosis/finding.ts';
import type {Plan} from '../../source/runbook/planned.ts';
import type {RunState} from '../../source/state/run.ts';
import type {
	ConsumerState,
	DeploymentState,
	LogLine,
	Series,
	ServiceState,
	StreamState,
} from '../../source/state/types.ts';
import {type Context, initialUi, type Model, type UiState} from '../../source/ui/model.ts';
import type {Size, Snapshot} from '../../source/ui/types.ts';

/** 14:03:23 of the local day of the pictures. */
export const now = new Date(2026, 10, 23, 14, 3, 23).getTime();

export const config: Config = {...titan, production: true};

const second = 1000;
const minute = 60 * second;
const mebi = 1024 ** 2;
const started = now - (3 * 24 + 4) * 60 * minute - 5 * minute;

/** A running service, changed by what a test is about. */
export function service(name: string, change: Partial<ServiceState> = {}): ServiceState {
	return {
		at: now - second,
		service: name,
		containerId: `${name}0123456789abcdef`,
		containerName: name,
		image: 'titan:1',
		status: 'running',
		health: 'none',
		exitCode: 0,
		oomKilled: false,
		restarts: 0,
		startedAt: started,
		statusSince: started,
		dependsOn: name === 'titan-nats' ? [] : ['titan-nats'],
		networks: ['titan_default'],
		addresses: [],
		ports: [],
		stats: {at: now - second, cpuPercent: 0.25, memoryBytes: 60 * mebi, memoryLimitBytes: 256 * mebi},
		...change,
	};
}

/** A consumer that has nothing to do. */
export function consumer(name: string, change: Partial<ConsumerState> = {}): ConsumerState {
	return {
		at: now - second,
		name,
		durable: true,
		lag: 0,
		ackPending: 0,
		maxAckPending: 1000,
		redelivered: 0,
		waiting: 1,
		pull: true,
		pushBound: false,
		paused: false,
		deliveredStreamSeq: 100,
		deliveredConsumerSeq: 100,
		ackFloorStreamSeq: 100,
		metadata: {},
		floorMovedAt: now - second,
		present: true,
		...change,
	};
}

/** A stream of 64 MiB that is nearly empty. */
export function stream(name: string, change: Partial<StreamState> = {}): StreamState {
	return {
		at: now - second,
		name,
		subjects: ['titan.intents.>'],
		messages: 1240,
		bytes: mebi,
		maxBytes: 64 * mebi,
		maxMessages: -1,
		discard: 'new',
		storage: 'file',
		firstSeq: 1,
		lastSeq: 1240,
		numDeleted: 0,
		retention: 'limits',
		maxAgeMs: 0,
		maxMessagesPerSubject: -1,
		messageTtl: false,
		upstreams: [],
		sealed: false,
		denyPurge: false,
		metadata: {},
		present: true,
		consumers: {},
		...change,
	};
}

const byName = <Thing extends {name: string}>(things: Thing[]): Record<string, Thing> =>
	Object.fromEntries(things.map((thing) => [thing.name, thing]));

const byService = (services: ServiceState[]): Record<string, ServiceState> =>
	Object.fromEntries(services.map((one) => [one.service, one]));

const up = {status: 'up', since: started} as const;

/** A series over the last minutes, one sample each two seconds. */
export function series(value: (share: number) => number, minutes = 5): Series {
	const count = (minutes * minute) / (2 * second);
	return Array.from({length: count}, (_, index) => ({
		at: now - (count - 1 - index) * 2 * second,
		value: value((index + 1) / count),
	}));
}

const logText: [number, string, string, string[]][] = [
	[14, 'titan-brain', 'connected to nats://titan-nats:4222', []],
	[15, 'titan-execution', 'consuming execution-consumer, 1,000 in flight', []],
	[16, 'titan-execution', 'heap 241 of 256 MiB', []],
	[17, 'titan-brain', 'publish titan.intents.BTC failed: 503 maximum bytes exceeded', []],
	[17, 'titan-execution', 'heap 255 of 256 MiB', []],
	[18, 'titan-brain', 'publish titan.intents.BTC seq=1240112 failed: 503 maximum bytes exceeded', []],
	[19, 'titan-execution', 'fatal: JavaScript heap out of memory', []],
	[20, 'titan-brain', 'request to risk.check failed: no responders', ['no responders']],
	[20, 'titan-brain', 'retry 4 in 800 ms', []],
	[21, 'titan-brain', 'publish titan.intents.ETH failed: 503 maximum bytes exceeded', []],
	[22, 'titan-brain', 'request to risk.check failed: no responders', ['no responders']],
	[22, 'titan-brain', 'retry 5 in 1600 ms', []],
	[22, 'titan-nats', '[INF] a line of a service that is not shown', []],
];

/** The log lines of the incident, repeated back in time. */
export function logLines(rounds = 3): LogLine[] {
	return Array.from({length: rounds}, (_, round) =>
		logText.map(([at, name, text, matches], index) => ({
			at: now - 23 * second + at * second - (rounds - 1 - round) * 10 * second,
			service: name,
			seq: round * logText.length + index,
			stderr: false,
			text,
			matches,
		})),
	).flat();
}

/** A deployment where all is well. */
export function healthy(change: Partial<DeploymentState> = {}): DeploymentState {
	return {
		deployment: 'titan',
		host: 'prod-1',
		production: true,
		startedAt: now - 10 * minute,
		at: now - 100,
		sources: {docker: up, nats: up, monitor: up, 'health:brain': up, 'metrics:sentinel': up},
		engine: {at: now - second, version: '28.5.1', apiVersion: '1.51'},
		services: byService([
			service('titan-sentinel'),
			service('titan-nats', {health: 'healthy'}),
			service('titan-brain', {health: 'healthy'}),
			service('titan-execution', {health: 'healthy'}),
			service('titan-scavenger'),
		]),
		nats: {
			connection: {
				status: 'connected',
				since: started,
				url: 'nats://127.0.0.1:4222',
				rttMs: 0.83,
				rttAt: now - second,
				reconnects: 0,
			},
			server: {name: 'titan-nats', version: '2.15.1', clientId: 7, maxPayloadBytes: mebi},
			healthz: {at: now - second, status: 'ok', elapsedMs: 2, since: started},
		},
		streams: byName([
			stream('TITAN_INTENTS', {
				consumers: byName([consumer('audit', {ackPending: 3}), consumer('execution-consumer')]),
			}),
			stream('TITAN_EVENTS', {
				messages: 18_204,
				bytes: 20 * mebi,
				maxBytes: 1024 * mebi,
				consumers: byName([consumer('sentinel', {lag: 12})]),
			}),
		]),
		health: byName([
			{
				at: now - second,
				name: 'brain',
				service: 'titan-brain',
				url: 'http://127.0.0.1:3100/health',
				status: 'healthy' as const,
				httpStatus: 200,
				detail: 'nats healthy',
				elapsedMs: 4,
				since: started,
			},
			{
				at: now - second,
				name: 'execution',
				service: 'titan-execution',
				url: 'http://127.0.0.1:8081/health',
				status: 'healthy' as const,
				httpStatus: 200,
				detail: 'nats connected',
				elapsedMs: 47,
				since: started,
			},
		]),
		metrics: byName([
			{
				at: now - second,
				name: 'sentinel',
				service: 'titan-sentinel',
				url: 'http://127.0.0.1:3002/metrics',
				status: 'ok' as const,
				detail: 'ok',
				lagMessages: 12,
				storageBytes: 21 * mebi,
				valueSince: now - second,
				elapsedMs: 3,
				since: started,
			},
		]),
		logs: {lines: logLines(), matches: {}},
		history: {lag: series(() => 0), storage: series(() => mebi)},
		...change,
	};
}

/** The incident of the pictures: the stream is full, the execution service was killed. */
export function incident(change: Partial<DeploymentState> = {}): DeploymentState {
	const well = healthy();
	return {
		...well,
		services: {
			...well.services,
			'titan-nats': service('titan-nats', {
				health: 'healthy',
				stats: {at: now, cpuPercent: 1.2, memoryBytes: 84 * mebi, memoryLimitBytes: 512 * mebi},
			}),
			'titan-brain': service('titan-brain', {
				health: 'unhealthy',
				stats: {at: now, cpuPercent: 4, memoryBytes: 210 * mebi, memoryLimitBytes: 512 * mebi},
			}),
			'titan-execution': service('titan-execution', {
				status: 'exited',
				exitCode: 137,
				oomKilled: true,
				restarts: 3,
				finishedAt: now - 12 * second,
				stats: undefined,
			}),
		},
		streams: byName([
			stream('TITAN_INTENTS', {
				messages: 1_240_112,
				bytes: 64 * mebi,
				consumers: byName([
					consumer('audit', {ackPending: 3}),
					consumer('execution-consumer', {lag: 12_301, lagPerSecond: 840, ackPending: 1000}),
				]),
			}),
			well.streams['TITAN_EVENTS']!,
		]),
		health: byName([
			{
				...well.health['brain']!,
				status: 'unhealthy' as const,
				detail: 'nats unhealthy',
				since: now - 134 * second,
			},
			{
				...well.health['execution']!,
				status: 'unreachable' as const,
				detail: 'refused',
				since: now - 12 * second,
			},
		]),
		metrics: byName([{...well.metrics['sentinel']!, lagMessages: 12_301}]),
		logs: {
			lines: logLines(),
			matches: {
				'titan-brain': {'no responders': Array.from({length: 48}, (_, index) => now - index * second)},
			},
		},
		history: {
			lag: series((share) => Math.round(12_301 * Math.max(0, share - 0.15))),
			storage: series((share) => Math.min(64, 80 * share) * mebi),
		},
		incidentSince: now - (2 * minute + 29 * second),
		...change,
	};
}

const finding = (change: Partial<Finding> & Pick<Finding, 'id' | 'title' | 'severity'>): Finding => ({
	evidence: '',
	since: now - 134 * second,
	sinceMs: 134 * second,
	...change,
});

/** The findings of the incident. */
export const findings: Finding[] = [
	finding({
		id: 'stream-full:TITAN_INTENTS',
		severity: 'critical',
		title: 'TITAN_INTENTS is full',
		evidence: '64.0 of 64.0 MiB, publishers are refused since 14:01:09',
		runbook: 'purge',
	}),
	finding({
		id: 'consumer-stalled:execution-consumer',
		severity: 'critical',
		title: 'execution-consumer is stalled',
		evidence: '1,000 of 1,000 unacknowledged, nothing delivered for 4 m',
		advice: 'restart titan-execution',
	}),
	finding({
		id: 'log:titan-brain',
		severity: 'warning',
		title: 'titan-brain logs "503"',
		evidence: '48/min',
		cause: 'stream-full:TITAN_INTENTS',
	}),
	finding({
		id: 'health:brain',
		severity: 'critical',
		title: 'brain /health',
		evidence: 'publisher failing',
		cause: 'stream-full:TITAN_INTENTS',
	}),
	finding({
		id: 'slow-stop:titan-nats',
		severity: 'warning',
		title: 'titan-nats will be killed on stop',
		evidence: '9,400 consumers need 99 s, its grace is 10 s',
		advice: 'raise stop_grace_period',
	}),
];

/** The first moment: nothing was seen yet. */
export function starting(): DeploymentState {
	const begin = {status: 'starting', since: now - 200} as const;
	return {
		...healthy(),
		startedAt: now - 200,
		sources: {docker: begin, nats: begin, monitor: begin},
		engine: undefined,
		services: {},
		nats: {connection: {status: 'connecting', since: now - 200, url: 'nats://127.0.0.1:4222', reconnects: 0}},
		streams: {},
		health: {},
		metrics: {},
		logs: {lines: [], matches: {}},
		history: {lag: [], storage: []},
	};
}

/** Docker stopped answering a while ago. */
export function dockerDown(ageMs = 42 * second): DeploymentState {
	const well = healthy();
	return {
		...well,
		sources: {
			...well.sources,
			docker: {
				status: 'down',
				since: now - ageMs,
				lastUpAt: now - ageMs,
				error: 'Cannot reach the Docker engine at unix:///var/run/docker.sock: permission denied',
			},
		},
		services: Object.fromEntries(
			Object.entries(well.services).map(([name, one]) => [name, {...one, at: now - ageMs}]),
		),
	};
}

/** The plan of the picture. */
export function plan(change: Partial<Plan> = {}): Plan {
	return {
		runbook: 'purge',
		title: 'purge TITAN_INTENTS, keep 1000',
		deployment: 'titan',
		pins: {engine: '', containers: {}},
		host: 'prod-1',
		production: true,
		at: now,
		steps: [
			{
				id: 'preflight',
				title: 'preflight',
				text: 'JetStream on, store writable, not sealed, no deny_purge, no other run',
			},
			{
				id: 'backup',
				title: 'back up',
				text: 'what would be lost',
				command: 'nats stream backup TITAN_INTENTS backups/TITAN_INTENTS-20261123T140311Z',
			},
			{
				id: 'purge',
				title: 'purge',
				text: 'all but the newest 1000 messages',
				command: 'nats stream purge TITAN_INTENTS --keep 1000 --force',
			},
			{
				id: 'verify',
				title: 'verify',
				text: '1,000 messages left · /healthz ok · publishing works · services healthy · nats_lag flows',
			},
		],
		impact: {
			at: now,
			stream: 'TITAN_INTENTS',
			keep: 1000,
			messages: 1_240_112,
			removedMessages: 1_239_112,
			bytes: 64 * mebi,
			removedBytes: 63.9 * mebi,
			consumers: [
				{consumer: 'execution-consumer', neverDelivered: 11_301, unacknowledged: 1000, keeps: 1000},
				{consumer: 'audit', neverDelivered: 0, unacknowledged: 0, keeps: 0},
			],
			unprocessed: 12_301,
		},
		checks: [],
		blockers: [],
		confirmation: {kind: 'type', text: 'TITAN_INTENTS'},
		backup: true,
		...change,
	};
}

/** A plan that one key confirms. */
export function restartPlan(change: Partial<Plan> = {}): Plan {
	return plan({
		runbook: 'restart',
		title: 'restart titan-nats',
		impact: undefined,
		confirmation: {kind: 'key', key: 'y'},
		...change,
	});
}

/** The run of the picture. */
export function run(change: Partial<RunState> = {}): RunState {
	const begin = now - 7200;
	return {
		id: '20261123T140340Z-recover',
		runbook: 'recover',
		title: 'full recovery',
		deployment: 'titan',
		host: 'prod-1',
		user: 'root',
		origin: 'ssh from 10.0.0.7',
		pid: 4242,
		startedAt: begin,
		at: now,
		steps: [
			{
				id: 'preflight',
				title: 'preflight',
				text: '6 of 6 checks',
				status: 'done',
				startedAt: begin,
				endedAt: begin + 200,
			},
			{
				id: 'backup',
				title: 'back up TITAN_INTENTS',
				text: '1,240,112 messages, 64 MiB → backups/TITAN_INTENTS-20261123T140340Z',
				status: 'done',
				startedAt: begin + 200,
				endedAt: begin + 4100,
			},
			{
				id: 'stop',
				title: 'stop services',
				text: 'titan-sentinel, titan-scavenger, titan-execution, titan-brain',
				status: 'done',
				startedAt: begin + 4100,
				endedAt: begin + 5200,
			},
			{
				id: 'purge',
				title: 'purge TITAN_INTENTS',
				text: 'all messages',
				command: 'nats stream purge TITAN_INTENTS --force',
				status: 'running',
				startedAt: begin + 5200,
				fraction: 0.74,
			},
			{
				id: 'start',
				title: 'start services',
				text: 'titan-brain, titan-execution, titan-scavenger, titan-sentinel',
				status: 'waiting',
			},
			{id: 'wait', title: 'wait until services have reconnected', text: 'at most 60 s', status: 'waiting'},
			{id: 'verify', title: 'verify', text: '7 checks', status: 'waiting'},
		],
		stopped: ['titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'],
		lost: '11,301 never delivered to execution-consumer and 1,000 unacknowledged; all are in the backup.',
		ifStopped: 'the four services are started again.',
		checks: [],
		alive: true,
		...change,
	};
}

/** The same run, ended. */
export function endedRun(change: Partial<RunState> = {}): RunState {
	const live = run();
	return run({
		steps: live.steps.map((step) => ({
			...step,
			status: 'done',
			startedAt: step.startedAt ?? now - 1500,
			endedAt: step.endedAt ?? now - 1000,
		})),
		stopped: [],
		checks: [
			{name: 'healthz', ok: true, evidence: 'ok in 2 ms'},
			{name: 'publishing', ok: true, evidence: 'acknowledged with sequence 1240113'},
			{name: 'brain /health', ok: true, evidence: 'nats healthy'},
		],
		result: 'verified',
		endedAt: now - 1000,
		alive: false,
		...change,
	});
}

/** The services as the run of the picture left them. */
export function stoppedByRun(): DeploymentState {
	const well = incident();
	const names = run().stopped;
	return {
		...well,
		services: Object.fromEntries(
			Object.entries(well.services).map(([name, one]) => [
				name,
				names.includes(name) ? {...one, status: 'exited' as const, exitCode: 0, oomKilled: false} : one,
			]),
		),
		run: run(),
	};
}

/** A snapshot at the moment of the pictures. */
export function snapshot(state: DeploymentState, found: Finding[] = []): Snapshot {
	return {state, findings: found, now};
}

/** A context of a reduction. */
export function context(
	state: DeploymentState,
	found: Finding[] = [],
	size: Size = {columns: 120, rows: 36},
): Context {
	return {snapshot: snapshot(state, found), config, readOnly: false, size};
}

/** A model of the panes. */
export function model(
	state: DeploymentState,
	change: {ui?: Partial<UiState>; findings?: Finding[]; size?: Size; readOnly?: boolean} = {},
): Model {
	return {
		...context(state, change.findings, change.size),
		readOnly: change.readOnly ?? false,
		ui: {...initialUi(config), ...change.ui},
	};
}
