import type {Observation, ObservationOf} from './observation.ts';
import {unreadBecause} from './reading.ts';
import {reduceAdvisory} from './reduce-advisory.ts';
import {reduceNode, reduceNodeView} from './reduce-cluster.ts';
import {
	reduceContainer,
	reduceContainers,
	reduceEnded,
	reduceStats,
	unreadServices,
} from './reduce-containers.ts';
import {reduceHealth, reduceMetrics} from './reduce-endpoints.ts';
import {reduceLog} from './reduce-logs.ts';
import {reduceMemory} from './reduce-memory.ts';
import {
	reduceAccount,
	reduceConnection,
	reduceConnections,
	reduceDisk,
	reduceHealthz,
	reduceIdentity,
	reduceJsz,
	reduceRtt,
	reduceStore,
	reduceVarz,
} from './reduce-nats.ts';
import {reduceContainerReadings, reduceNamed, reduceReading, unreadStreams} from './reduce-readings.ts';
import {reduceSource} from './reduce-source.ts';
import {reduceStreams} from './reduce-streams.ts';
import {earlierRuns} from './run.ts';
import {isOwnServer} from './server-identity.ts';
import {share} from './share.ts';
import type {DeploymentState} from './types.ts';

/**
The state after one observation. Pure; what the observation does not change stays the same object, and an
observation that changes nothing at all gives the same state.
*/
export function reduce(state: DeploymentState, observation: Observation): DeploymentState {
	// A time that is none would spread into every age that is counted from it.
	const timed = Number.isFinite(observation.at) ? observation : {...observation, at: state.at};
	const next = reducePart(state, timed);
	return timed.at > next.at ? {...next, at: timed.at} : next;
}

function reducePart(state: DeploymentState, observation: Observation): DeploymentState {
	const {at} = observation;
	switch (observation.kind) {
		case 'source':
			return reduceSourceAndReadings(state, observation);
		case 'reading':
			return patch(state, {
				readings: reduceReading(state.readings, observation.of, observation.reading, at),
			});
		case 'named':
			return reduceNamed(state, observation);
		case 'over':
			return patch(state, {isOver: true});
		case 'engine':
			return patch(state, {
				engine: share(state.engine, {
					at,
					...(observation.id !== undefined && {id: observation.id}),
					version: observation.version,
					apiVersion: observation.apiVersion,
				}),
			});
		case 'containers':
			return patch(state, {
				services: reduceContainers(
					state.services,
					observation.containers,
					at,
					observation.unread,
					// `docker compose up nats api` leaves the others out on purpose, and a new file may name what nobody has started yet.
					observation.project?.expected?.filter((name) => state.seenServices?.includes(name)),
				),
				readings: reduceContainerReadings(state.readings, observation),
				project: observation.project && share(state.project, observation.project),
				containersAt: at,
			});
		case 'container':
			return patch(state, {services: reduceContainer(state.services, observation.container, at)});
		case 'ended':
			return patch(state, {services: reduceEnded(state.services, observation)});
		case 'stats':
			return patch(state, {services: reduceStats(state.services, observation)});
		case 'connection':
			return reduceServer(state, observation);
		case 'rtt':
			return patch(state, {nats: reduceRtt(state.nats, observation)});
		case 'identity':
			return patch(state, {nats: reduceIdentity(state.nats, observation)});
		case 'healthz':
			return patch(state, {nats: reduceHealthz(state.nats, observation)});
		case 'varz':
			return patch(state, {nats: reduceVarz(state.nats, observation)});
		case 'jsz':
			return patch(state, {nats: reduceJsz(state.nats, observation)});
		case 'node':
			return patch(state, {nats: reduceNode(state.nats, observation)});
		case 'node-view':
			return patch(state, {nats: reduceNodeView(state.nats, observation)});
		case 'account':
			return patch(state, {nats: reduceAccount(state.nats, observation)});
		case 'connz':
			return patch(state, {nats: reduceConnections(state.nats, observation)});
		case 'store':
			return patch(state, {nats: reduceStore(state.nats, observation)});
		case 'disk':
			return patch(state, {nats: reduceDisk(state.nats, observation)});
		case 'advisory':
			return patch(state, {streams: reduceAdvisory(state.streams, observation)});
		case 'memory':
			return reduceMemory(state, observation);
		case 'streams':
			return reduceStreams(state, observation);
		case 'health':
			return patch(state, {health: reduceHealth(state.health, observation)});
		case 'metrics':
			return patch(state, {metrics: reduceMetrics(state.metrics, observation)});
		case 'log':
			return patch(state, {logs: reduceLog(state.logs, observation)});
		case 'run':
			return patch(state, {
				run: share(state.run, observation.run),
				earlierRuns: earlierRuns(state, observation.run),
			});
		case 'incident':
			return patch(state, reduceIncident(state, observation));
		default:
			// A recording by a newer version may hold kinds that this one does not know.
			return state;
	}
}

/** The connection; what was read of a server that was not the deployment's is not compared with what its own has. */
function reduceServer(state: DeploymentState, observation: ObservationOf<'connection'>): DeploymentState {
	const nats = reduceConnection(state.nats, observation);
	const isAfterImpostor = isOwnServer(state.nats) === false && nats.server?.id !== state.nats.server?.id;
	return patch(state, isAfterImpostor ? {nats, streams: {}, streamsAt: undefined} : {nats});
}

/** What a source that is down would tell is as it was: what it read is not read now. */
function reduceSourceAndReadings(
	state: DeploymentState,
	observation: ObservationOf<'source'>,
): DeploymentState {
	const sources = reduceSource(state.sources, observation);
	const {source, status, error, at} = observation;
	const isNew = state.sources[source]?.status !== status || state.sources[source]?.error !== error;
	if (status !== 'down' || !isNew) {
		return patch(state, {sources});
	}
	switch (source) {
		case 'nats':
			return patch(state, {
				sources,
				streams: unreadStreams(state.streams, unreadBecause(error), at),
				readings: reduceReading(state.readings, 'streams', unreadBecause(error), at),
			});
		case 'docker':
			return patch(state, {
				sources,
				services: unreadServices(state.services, error, at),
				readings: reduceReading(state.readings, 'containers', unreadBecause(error), at),
			});
		default:
			return patch(state, {sources});
	}
}

/** Whoever starts the clock knows nothing of the escalation, and what is known of it stays as long as the incident. */
function reduceIncident(
	{incidentSince, escalation}: DeploymentState,
	{since, escalation: seen}: ObservationOf<'incident'>,
): Partial<DeploymentState> {
	const kept = since !== undefined && since === incidentSince ? escalation : undefined;
	return {incidentSince: since, escalation: seen === undefined ? kept : share(escalation, seen)};
}

function patch(state: DeploymentState, parts: Partial<DeploymentState>): DeploymentState {
	const keys = Object.keys(parts) as (keyof DeploymentState)[];
	return keys.every((key) => Object.is(state[key], parts[key])) ? state : {...state, ...parts};
}
