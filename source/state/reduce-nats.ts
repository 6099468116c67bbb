import type {ObservationOf} from './observation.ts';
import {counterRate} from './rate.ts';
import {own, put} from './record.ts';
import {reduceNodeFigures} from './reduce-cluster.ts';
import {share} from './share.ts';
import type {NatsState, VarzState} from './types.ts';

/** The connection's state; a connection that comes back after it was there is a reconnect. */
export function reduceConnection(nats: NatsState, observation: ObservationOf<'connection'>): NatsState {
	const {at, status, url, error, server} = observation;
	const previous = nats.connection;
	const isSame = previous.status === status;
	// `server` is known from the first INFO on: without it this is the first connection.
	const isReconnect = !isSame && status === 'connected' && nats.server !== undefined;
	const connection: NatsState['connection'] = {
		status,
		since: isSame ? previous.since : at,
		url,
		reconnects: previous.reconnects + (isReconnect ? 1 : 0),
	};
	// The round trip of a connection that is gone says nothing of the next one.
	if (isSame && status === 'connected' && previous.rttMs !== undefined) {
		connection.rttMs = previous.rttMs;
		connection.rttAt = previous.rttAt;
	}
	if (error !== undefined && status !== 'connected') {
		connection.error = error;
	}
	return patch(nats, {
		connection: share(previous, connection),
		...(server && {server: share(nats.server, server)}),
	});
}

/** Which servers answer, against those in the containers. */
export const reduceIdentity = (nats: NatsState, {answers, at}: ObservationOf<'identity'>): NatsState =>
	patch(nats, {identity: share(nats.identity, {at, answers})});

/** The round trip; one that arrives after the connection was lost is dropped. */
export function reduceRtt(nats: NatsState, {rttMs, at}: ObservationOf<'rtt'>): NatsState {
	const {connection} = nats;
	if (connection.status !== 'connected' || !Number.isFinite(rttMs)) {
		return nats;
	}
	return patch(nats, {connection: share(connection, {...connection, rttMs, rttAt: at})});
}

const maxSeen = 1000;

/** Who is connected, and from where this console has ever seen anybody connected. */
export function reduceConnections(nats: NatsState, {byAddress, at}: ObservationOf<'connz'>): NatsState {
	const seen = [...new Set([...Object.keys(byAddress), ...(nats.connz?.seen ?? [])])].slice(0, maxSeen);
	return patch(nats, {connz: share(nats.connz, {at, byAddress, seen: seen.sort()})});
}

/** /healthz; `since` moves only with the status. */
export function reduceHealthz(nats: NatsState, observation: ObservationOf<'healthz'>): NatsState {
	const {at, status, answers, error, elapsedMs} = observation;
	const previous = nats.healthz;
	const since = previous?.status === status ? previous.since : at;
	return patch(nats, {
		healthz: share(previous, {
			at,
			status,
			elapsedMs,
			since,
			...(answers && {answers}),
			...(error !== undefined && {error}),
		}),
	});
}

/** /varz of the server that there is, or of one of a cluster. */
export function reduceVarz(nats: NatsState, observation: ObservationOf<'varz'>): NatsState {
	const {service} = observation;
	return service === undefined
		? patch(nats, {varz: nextVarz(nats.varz, observation)})
		: reduceNodeFigures(nats, service, {
				varz: nextVarz(own(nats.nodes ?? {}, service)?.varz, observation),
			});
}

/** With the rates of messages; they begin anew with each start of the server. */
function nextVarz(before: VarzState | undefined, {varz, at}: ObservationOf<'varz'>): VarzState {
	const rates = before?.startedAt === varz.startedAt ? before : undefined;
	const elapsedMs = at - (before?.at ?? at);
	const by = rates ? varz.slowConsumers - rates.slowConsumers : 0;
	const rose = by > 0 ? {at, by} : rates?.slowConsumersRose;
	return share(before, {
		...varz,
		...(rose && {slowConsumersRose: rose}),
		at,
		inMessagesPerSecond:
			rates && counterRate(rates.inMessagesPerSecond, rates.inMessages, varz.inMessages, elapsedMs),
		outMessagesPerSecond:
			rates && counterRate(rates.outMessagesPerSecond, rates.outMessages, varz.outMessages, elapsedMs),
	});
}

/** /jsz: one node's view of JetStream. */
export function reduceJsz(nats: NatsState, {jsz, service, at}: ObservationOf<'jsz'>): NatsState {
	return service === undefined
		? patch(nats, {jsz: share(nats.jsz, {...jsz, at})})
		: reduceNodeFigures(nats, service, {jsz: {...jsz, at}});
}

/** The disk under a server's store. */
export function reduceDisk(
	nats: NatsState,
	{freeBytes, totalBytes, service, at}: ObservationOf<'disk'>,
): NatsState {
	const disk = {at, freeBytes, totalBytes};
	return service === undefined
		? patch(nats, {disk: share(nats.disk, disk)})
		: reduceNodeFigures(nats, service, {disk});
}

/** Where a server keeps its streams; what was known is not forgotten where it does not say so again. */
export function reduceStore(nats: NatsState, {service, place}: ObservationOf<'store'>): NatsState {
	const before = own(nats.stores ?? {}, service);
	return before !== undefined && place.kind === 'unknown'
		? nats
		: patch(nats, {stores: share(nats.stores, put(nats.stores ?? {}, service, place))});
}

/** `$JS.API.INFO`. */
export function reduceAccount(nats: NatsState, {account, at}: ObservationOf<'account'>): NatsState {
	return patch(nats, {account: share(nats.account, {...account, at})});
}

function patch(nats: NatsState, parts: Partial<NatsState>): NatsState {
	const keys = Object.keys(parts) as (keyof NatsState)[];
	return keys.every((key) => nats[key] === parts[key]) ? nats : {...nats, ...parts};
}
