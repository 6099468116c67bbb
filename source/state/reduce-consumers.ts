import {isMadeAnew} from './made-anew.ts';
import type {ConsumerFacts} from './observation.ts';
import {counterRate, gaugeRate} from './rate.ts';
import {nextReading, unreadBecause, wasRead} from './reading.ts';
import {own} from './record.ts';
import {reduceGroup} from './reduce-cluster.ts';
import {unreadConsumers} from './reduce-readings.ts';
import {share} from './share.ts';
import type {ConsumerState} from './types.ts';

/** A lag up to here counts as none: what a busy consumer has in flight between two looks. */
export const lagNone = 100;

/** A lag grows where it rises by more than this a second. */
export const growingPerSecond = 1;

/** Of what is gone, the newest are remembered, so that a screen can say so. */
const maxGone = 50;

/**
The consumers of a stream after they were listed. A durable one that is not among them is no longer present;
others come and go by their nature and are forgotten.

@param unanswered - Those that are there and that no server answers for: what is known of them is as it was.
@param unsure - Those that may be there although they are not listed, and why it is not known.
*/
export function reduceConsumers(
	consumers: Record<string, ConsumerState>,
	listed: ConsumerFacts[],
	stream: {lastSeq: number; at: number},
	unanswered: ReadonlySet<string> = new Set(),
	unsure: {names: ReadonlySet<string> | 'all'; error?: string | undefined} = {names: new Set()},
): Record<string, ConsumerState> {
	const found = new Set([...listed.map((consumer) => consumer.name), ...unanswered]);
	const kept = Object.entries(consumers).filter(
		([name]) => !found.has(name) && (unsure.names === 'all' || unsure.names.has(name)),
	);
	const names = new Set([...found, ...kept.map(([name]) => name)]);
	const gone = Object.entries(consumers)
		.filter(([name, consumer]) => !names.has(name) && consumer.durable)
		.map(([name, consumer]) => [name, markGone(consumer, stream.at)] as const);
	return Object.fromEntries([
		...listed.map(
			(facts) => [facts.name, reduceConsumer(own(consumers, facts.name), facts, stream)] as const,
		),
		...Object.entries(consumers).filter(([name]) => unanswered.has(name)),
		...Object.entries(unreadConsumers(Object.fromEntries(kept), unreadBecause(unsure.error), stream.at)),
		...keepGone(gone),
	]);
}

/** What stays known of a consumer that is no longer listed; its own `at` stays the time that it was last seen. */
export function markGone(consumer: ConsumerState, at: number): ConsumerState {
	if (!consumer.present) {
		// One that is remembered from an earlier start was never missed before.
		return consumer.goneAt === undefined ? {...consumer, goneAt: at} : consumer;
	}
	const {lagPerSecond, deliveredPerSecond, floorPerSecond, lagGrowingSince, aheadSince, idleSince, ...rest} =
		consumer;
	return {...rest, present: false, goneAt: at};
}

/** The newest of what is gone: names that come and go must not fill the memory. */
export function keepGone<T extends {at: number}>(gone: (readonly [string, T])[]): (readonly [string, T])[] {
	return gone.length <= maxGone ? gone : [...gone].sort((a, b) => b[1].at - a[1].at).slice(0, maxGone);
}

function reduceConsumer(
	previous: ConsumerState | undefined,
	facts: ConsumerFacts,
	{lastSeq, at}: {lastSeq: number; at: number},
): ConsumerState {
	// One that was gone and is there again is another one, and so is one that was made at another time.
	const before = previous?.present && !isMadeAnew(previous, facts) ? previous : undefined;
	const elapsedMs = before ? at - before.at : 0;
	// A consumer that a run makes anew is paused until it is where it belongs: what it jumps over then is no rate.
	const lagPerSecond =
		before?.paused === facts.paused
			? gaugeRate(before.lagPerSecond, before.lag, facts.lag, elapsedMs)
			: undefined;
	const next: ConsumerState = {
		...facts,
		at,
		present: true,
		reading: nextReading(previous?.reading, wasRead, at),
		firstSeenAt: before ? before.firstSeenAt : at,
		metadata: share(previous?.metadata, facts.metadata),
		...(facts.cluster && {cluster: reduceGroup(before?.cluster, facts.cluster, at)}),
		lagPerSecond,
		maxDeliveries: before?.maxDeliveries,
		deliveredPerSecond:
			before &&
			counterRate(
				before.deliveredPerSecond,
				before.deliveredConsumerSeq,
				facts.deliveredConsumerSeq,
				elapsedMs,
			),
		floorPerSecond:
			before &&
			counterRate(before.floorPerSecond, before.ackFloorStreamSeq, facts.ackFloorStreamSeq, elapsedMs),
		lagZeroAt: facts.lag <= lagNone ? at : before?.lagZeroAt,
		lagGrowingSince: (lagPerSecond ?? 0) > growingPerSecond ? (before?.lagGrowingSince ?? at) : undefined,
		floorMovedAt: before?.ackFloorStreamSeq === facts.ackFloorStreamSeq ? before.floorMovedAt : at,
		deliveredMovedAt:
			before?.deliveredStreamSeq === facts.deliveredStreamSeq ? (before.deliveredMovedAt ?? at) : at,
		...idle(before, facts, at),
		aheadSince: isAhead(before, facts, lastSeq) ? (before?.aheadSince ?? at) : undefined,
	};
	return elapsedMs === 0 ? share(previous, next) : next;
}

/** Messages wait, nobody asks for them, and none was given out since the last look. */
function idle(
	before: ConsumerState | undefined,
	{lag, waiting, pull, pushBound, paused, deliveredConsumerSeq}: ConsumerFacts,
	at: number,
): Pick<ConsumerState, 'idleSince' | 'longestIdleMs'> {
	const {idleSince, longestIdleMs = 0, deliveredConsumerSeq: delivered} = before ?? {};
	const isMoving = before !== undefined && deliveredConsumerSeq !== delivered;
	const isIdle = lag > 0 && !paused && !isMoving && (pull ? waiting === 0 : !pushBound);
	const lastedMs = isMoving && idleSince !== undefined ? at - idleSince : 0;
	return {
		idleSince: isIdle ? (idleSince ?? at) : undefined,
		longestIdleMs: Math.max(longestIdleMs, lastedMs),
	};
}

/**
A stream is read before its consumers, so a busy consumer may look ahead of it at any one moment. Only a floor
that was there at the look before and is beyond the stream's end now is one that the stream went back behind.
*/
function isAhead(before: ConsumerState | undefined, facts: ConsumerFacts, lastSeq: number): boolean {
	return before !== undefined && before.ackFloorStreamSeq > lastSeq && facts.ackFloorStreamSeq > lastSeq;
}
