import {sampleStreams} from './history.ts';
import {isMadeAnew} from './made-anew.ts';
import type {ObservationOf, StreamFacts} from './observation.ts';
import {counterRate} from './rate.ts';
import {isBlind, nextReading, type Reading, unreadBecause, wasRead} from './reading.ts';
import {own} from './record.ts';
import {reduceGroup, reduceUnanswered} from './reduce-cluster.ts';
import {keepGone, markGone, reduceConsumers} from './reduce-consumers.ts';
import {reduceReading, unreadConsumers, unreadStream} from './reduce-readings.ts';
import {isByRun} from './run.ts';
import {sourceOfFigures} from './server-identity.ts';
import {share} from './share.ts';
import {keptChanges, streamChanges} from './stream-changes.ts';
import type {DeploymentState, NatsState, StreamState} from './types.ts';

/**
The state after all streams of the account were listed: one that is not among them is no longer present, unless it is not
sure that the list has all. One that no server answers for is there, and what is known of it is as it was.
*/
export function reduceStreams(
	state: DeploymentState,
	{streams: listed, missing = [], unsure = [], reading = wasRead, at}: ObservationOf<'streams'>,
): DeploymentState {
	const isWhole = reading.status === 'read';
	const known = state.streamsAt === undefined ? ofThisServer(state, listed) : state.streams;
	const found = new Set([...listed.map((stream) => stream.name), ...missing]);
	const absent = Object.keys(known).filter((name) => !found.has(name));
	const unread = (isWhole ? unsure : absent).filter((name) => !found.has(name));
	const names = new Set([...found, ...unread]);
	const kept = unread.flatMap((name) => {
		const stream = own(known, name);
		return stream ? [[name, unreadStream(stream, unreadBecause(reading.error), at)] as const] : [];
	});
	const silent = missing.flatMap((name) => {
		const stream = own(known, name);
		return stream ? [[name, stream] as const] : [];
	});
	const gone = Object.entries(known)
		.filter(([name]) => !names.has(name))
		.map(([name, stream]) => [name, streamGone(stream, at)] as const);
	const streams = sameValues(
		state.streams,
		Object.fromEntries([
			...listed.map((facts) => [facts.name, reduceStream(own(known, facts.name), facts, at, state)] as const),
			...silent,
			...kept,
			...keepGone(gone),
		]),
	);
	const history = sampleStreams(state.history, streams, state.watched, at);
	const nats = withUnanswered(state.nats, missing, at);
	const readings = reduceReading(state.readings, 'streams', reading, at);
	// Some that were asked for by name are no list.
	const isListed = reading.status === 'read' || reading.status === 'part';
	const streamsAt = isListed ? at : state.streamsAt;
	return streams === state.streams &&
		history === state.history &&
		nats === state.nats &&
		readings === state.readings &&
		state.streamsAt === streamsAt
		? state
		: {...state, nats, streams, history, readings, ...(streamsAt !== undefined && {streamsAt})};
}

/**
The streams without what is remembered of another server: one that has none of the remembered streams and is not the one
that they were read from. A server has another id after each start, so the time that a stream was made tells.
*/
function ofThisServer(
	{streams, nats}: DeploymentState,
	listed: readonly StreamFacts[],
): DeploymentState['streams'] {
	const source = sourceOfFigures(nats);
	const isSame = ({name, created, readFrom}: StreamState): boolean =>
		(readFrom !== undefined && readFrom === source) ||
		(created !== undefined && listed.some((facts) => facts.name === name && facts.created === created));
	const remembered = Object.values(streams).filter((stream) => stream.remembered);
	// Without an id or a time, as from a recording, nothing says that it is another one.
	const isComparable = source !== undefined || listed.some(({created}) => created !== undefined);
	return !isComparable || remembered.length === 0 || remembered.some(isSame)
		? streams
		: Object.fromEntries(Object.entries(streams).filter(([, stream]) => !stream.remembered));
}

function withUnanswered(nats: NatsState, missing: readonly string[], at: number): NatsState {
	const unanswered = reduceUnanswered(nats.unanswered, missing, at);
	return unanswered === nats.unanswered ? nats : {...nats, unanswered};
}

/** The stream after it was read, with its rates. */
function reduceStream(
	previous: StreamState | undefined,
	facts: StreamFacts,
	at: number,
	{nats, ...runs}: Pick<DeploymentState, 'run' | 'earlierRuns' | 'nats'>,
): StreamState {
	const {consumers, missingConsumers = [], unsureConsumers = [], consumersReading, ...figures} = facts;
	// A stream that was gone and is there again is another one, and so is one that was made at another time.
	const isAnother = isMadeAnew(previous, facts);
	const before = previous?.present && !isAnother ? previous : undefined;
	const elapsedMs = before ? at - before.at : 0;
	// A second look in the same moment tells nothing of time.
	const changes =
		before && elapsedMs <= 0
			? keptChanges(before)
			: streamChanges(previous, facts, at, previous !== undefined && isByRun(runs, at, previous.at));
	const next: StreamState = {
		...figures,
		...changes,
		at,
		present: true,
		readFrom: sourceOfFigures(nats),
		reading: nextReading(previous?.reading, wasRead, at),
		consumersReading: nextConsumersReading(previous, facts, at),
		subjects: share(previous?.subjects, figures.subjects),
		upstreams: share(previous?.upstreams, figures.upstreams),
		metadata: share(previous?.metadata, figures.metadata),
		inPerSecond: before && counterRate(before.inPerSecond, before.lastSeq, facts.lastSeq, elapsedMs),
		outPerSecond: before && counterRate(before.outPerSecond, before.firstSeq, facts.firstSeq, elapsedMs),
		consumers:
			consumers === undefined
				? // Those of an earlier start are known until they are listed for the first time.
					consumersReading === undefined
					? (previous?.consumers ?? {})
					: unreadConsumers(previous?.consumers ?? {}, consumersReading, at)
				: reduceConsumers(
						previous?.consumers ?? {},
						consumers,
						{lastSeq: facts.lastSeq, at},
						new Set(missingConsumers),
						{
							names: isBlind(consumersReading) ? 'all' : new Set(unsureConsumers),
							error: consumersReading?.error,
						},
					),
		consumersAt: consumers === undefined ? before?.consumersAt : at,
		...(facts.cluster && {cluster: reduceGroup(before?.cluster, facts.cluster, at)}),
	};
	const unanswered =
		consumers === undefined
			? before?.unansweredConsumers
			: reduceUnanswered(before?.unansweredConsumers, missingConsumers, at);
	if (unanswered) {
		next.unansweredConsumers = unanswered;
	}
	return elapsedMs === 0 ? share(previous, next) : next;
}

/** How far the consumers of a stream were read: not looked at this time, they are as they were. */
function nextConsumersReading(
	previous: StreamState | undefined,
	{consumers, consumersReading}: StreamFacts,
	at: number,
): Reading {
	if (consumersReading !== undefined) {
		return nextReading(previous?.consumersReading, consumersReading, at);
	}
	return consumers === undefined
		? (previous?.consumersReading ?? {status: 'unread', since: at})
		: nextReading(previous?.consumersReading, wasRead, at);
}

/** What stays known of a stream that is no longer listed; `at` stays the time that it was last seen. */
function streamGone(stream: StreamState, at: number): StreamState {
	if (!stream.present) {
		return stream;
	}
	const {inPerSecond, outPerSecond, bytesPerSecond, bytesTrendPerSecond, fillingSince, ...rest} = stream;
	const consumers = Object.fromEntries(
		Object.entries(stream.consumers).map(([name, consumer]) => [name, markGone(consumer, at)]),
	);
	return {...rest, present: false, consumers};
}

/** The next record, or the previous one where each value is the same object. */
function sameValues<T>(previous: Record<string, T>, next: Record<string, T>): Record<string, T> {
	const keys = Object.keys(next);
	const same =
		keys.length === Object.keys(previous).length && keys.every((key) => own(previous, key) === next[key]);
	return same ? previous : next;
}
