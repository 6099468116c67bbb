import type {ContainerFacts, ObservationOf, Unread} from './observation.ts';
import {nextReading, unreadBecause, wasRead} from './reading.ts';
import {own, put} from './record.ts';
import {isDoneJob} from './service.ts';
import {share} from './share.ts';
import type {ServiceState} from './types.ts';

type Services = Record<string, ServiceState>;

/**
The services after all containers of the project were listed: one that is not among them is missing.

@param unread - Those that are there and could not be read: what is known of them is as it was.
@param expected - Services that should have a container: those that an earlier console saw with one.
*/
export function reduceContainers(
	services: Services,
	containers: ContainerFacts[],
	at: number,
	unread: Unread[] = [],
	expected: readonly string[] = [],
): Services {
	const listed = new Set([...containers, ...unread].map((container) => container.service));
	let next = unread.reduce((all, one) => reduceUnread(all, one, at), services);
	for (const container of containers) {
		next = reduceContainer(next, container, at);
	}
	for (const service of Object.values(services)) {
		if (!listed.has(service.service) && isDoneJob(service)) {
			// Nobody misses it when what has ended is cleared away (`docker container prune`).
			const {[service.service]: _done, ...others} = next;
			next = others;
		} else if (!listed.has(service.service)) {
			next = reduceContainer(next, withoutContainer(service), at);
		}
	}
	const known = new Set(Object.values(next).map(({service, composeService}) => composeService ?? service));
	for (const service of expected) {
		// One that is there and could not be read is not missing.
		if (!known.has(service) && !listed.has(service)) {
			next = reduceContainer(next, notSeenNow(service), at);
		}
	}
	return next;
}

/** One that was never read has no row: `readings` has its name. */
function reduceUnread(services: Services, {service, error}: Unread, at: number): Services {
	const known = own(services, service);
	return known === undefined
		? services
		: put<ServiceState>(services, service, {
				...known,
				reading: nextReading(known.reading, unreadBecause(error), at),
			});
}

/** The services after the engine could not be asked: what is known of the containers is as it was. */
export const unreadServices = (services: Services, error: string | undefined, at: number): Services =>
	Object.values(services).reduce(
		(all, {service}) => reduceUnread(all, {service, error: error ?? 'the engine does not answer'}, at),
		services,
	);

/** A service whose container only an earlier console saw. */
const notSeenNow = (service: string): ContainerFacts => ({
	service,
	composeService: service,
	containerId: '',
	containerName: '',
	image: '',
	status: 'missing',
	health: 'none',
	exitCode: 0,
	oomKilled: false,
	restarts: 0,
	dependsOn: [],
	networks: [],
	addresses: [],
	ports: [],
});

/** The services after one container was read. */
export function reduceContainer(services: Services, facts: ContainerFacts, at: number): Services {
	const previous = own(services, facts.service);
	const cleared: ContainerFacts =
		facts.status === 'missing'
			? {...facts, containerId: '', health: 'none', networks: [], addresses: []}
			: facts;
	return put(services, facts.service, share<ServiceState>(previous, withTimes(previous, cleared, at)));
}

/** The services after a sample of CPU and memory; of a service that is not known it says nothing. */
export function reduceStats(services: Services, observation: ObservationOf<'stats'>): Services {
	const {service, at, cpuPercent, memoryBytes, memoryLimitBytes} = observation;
	const previous = own(services, service);
	if (!previous || previous.status === 'missing') {
		return services;
	}
	const stats = {at, cpuPercent, memoryBytes, memoryLimitBytes};
	return put(services, service, share<ServiceState>(previous, {...previous, stats}));
}

/** A process that the kernel killed and a container that ends within this belong together. */
const sameEndMs = 5000;

/**
The services after the engine told of an end: a container that is started again at once is read when it runs, and the
engine then knows neither its exit code nor why it ended.
*/
export function reduceEnded(
	services: Services,
	{service, exitCode, oom, at}: ObservationOf<'ended'>,
): Services {
	const previous = own(services, service);
	if (!previous) {
		return services;
	}
	const oomAt = oom ? at : previous.oomAt;
	const oomKilled = oomAt !== undefined && at - oomAt < sameEndMs;
	return put(services, service, {
		...previous,
		...(oomAt !== undefined && {oomAt}),
		...(exitCode !== undefined && {lastExit: {at, exitCode, oomKilled}}),
	});
}

/** What stays known of a service whose container is gone. */
function withoutContainer(service: ServiceState): ContainerFacts {
	const {
		at: _at,
		reading,
		statusSince,
		healthSince,
		restartedAt,
		restartTimes,
		lastExit,
		oomAt,
		stats,
		...facts
	} = service;
	const {healthOutput, ...rest} = facts;
	return {...rest, status: 'missing'};
}

const maxRestartTimes = 10;

const ended: readonly string[] = ['exited', 'dead', 'restarting'];

function withTimes(previous: ServiceState | undefined, facts: ContainerFacts, at: number): ServiceState {
	const {status, health, exitCode, oomKilled} = facts;
	const next: ServiceState = {
		...facts,
		at,
		statusSince: previous?.status === status ? previous.statusSince : at,
		healthSince: previous?.health === health ? (previous.healthSince ?? at) : at,
		reading: nextReading(previous?.reading, wasRead, at),
	};
	const isRestart = wasRestarted(previous, facts);
	const restartedAt = isRestart ? at : previous?.restartedAt;
	// Only those by the restart policy: who restarts it by hand again and again has his reasons.
	const restartTimes = isByPolicy(previous, facts)
		? [...(previous?.restartTimes ?? []), at].slice(-maxRestartTimes)
		: previous?.restartTimes;
	if (restartedAt !== undefined) {
		next.restartedAt = restartedAt;
	}
	if (restartTimes !== undefined) {
		next.restartTimes = restartTimes;
	}
	// The engine resets the exit code when it starts a container, so the end must be remembered here.
	const isNewEnd =
		ended.includes(status) &&
		(!previous || !ended.includes(previous.status) || previous.exitCode !== exitCode);
	const lastExit = isNewEnd ? {at: facts.finishedAt ?? at, exitCode, oomKilled} : previous?.lastExit;
	if (lastExit !== undefined) {
		next.lastExit = lastExit;
	}
	if (previous?.oomAt !== undefined && previous.containerId === facts.containerId) {
		next.oomAt = previous.oomAt;
	}
	// Figures of a container that does not run, or of another one, would be drawn as if they were of this one.
	if (previous?.stats && previous.containerId === facts.containerId && !ended.includes(status)) {
		next.stats = previous.stats;
	}
	return next;
}

/** The engine counts the restarts by its policy, and begins anew with each start by hand. */
const isByPolicy = (previous: ServiceState | undefined, facts: ContainerFacts): boolean =>
	previous?.containerId === facts.containerId && facts.restarts > previous.restarts;

/**
Both times come from the engine's clock, which need not be ours; only a start after one that this console
knew of is a restart, not the first start of a container that it saw being created.
*/
function wasRestarted(previous: ServiceState | undefined, facts: ContainerFacts): boolean {
	if (previous?.startedAt === undefined || facts.startedAt === undefined || facts.status === 'missing') {
		return false;
	}
	const isSame = previous.containerId === facts.containerId;
	return facts.startedAt > previous.startedAt || (isSame && facts.restarts > previous.restarts);
}
