import type {StreamFacts} from './observation.ts';
import {smooth} from './rate.ts';
import type {StreamChanges, StreamState} from './types.ts';

/** Those of a stream that was looked at twice in the same moment. */
export const keptChanges = (before: StreamState): StreamChanges =>
	Object.fromEntries(
		changeNames.filter((name) => Object.hasOwn(before, name)).map((name) => [name, before[name]]),
	);

const changeNames = [
	'bytesPerSecond',
	'bytesTrendPerSecond',
	'fillingSince',
	'usualPerSecond',
	'busySince',
	'movedAt',
	'longestQuietMs',
	'began',
	'removed',
	'gaps',
] as const satisfies readonly (keyof StreamChanges)[];

/** Bytes come in bursts: over this time they are a trend. */
const trendMs = 30_000;

/** What is usual is what was so for some minutes. */
const usualMs = 120_000;

/** The server ends a message's life in sweeps, and its clock need not be ours. */
const ageSlackMs = 30_000;

/**
What changed between two looks at a stream, the first of them maybe by an earlier start of the console. Pure.

@param before - The stream as it was seen last; undefined where it never was.
@param at - The time of this look, milliseconds since the epoch.
@param isByRun - A run of a runbook went on between the two: what changed, it did.
*/
export function streamChanges(
	before: StreamState | undefined,
	facts: StreamFacts,
	at: number,
	isByRun = false,
): StreamChanges {
	if (before === undefined) {
		return {};
	}
	const elapsedMs = at - before.at;
	if (facts.lastSeq < before.lastSeq) {
		return isByRun
			? {}
			: {began: {at, from: before.lastSeq, to: facts.lastSeq}, removed: before.removed, gaps: before.gaps};
	}
	const isWatched = before.present;
	const {removed, gaps} = isByRun ? {removed: 0, gaps: 0} : unexplained(before, facts, at);
	return {
		...(isWatched ? pace(before, facts, at, elapsedMs) : {}),
		// A leader that has just been elected may not have applied all that the one before it told.
		began: before.began && facts.lastSeq >= before.began.from ? undefined : before.began,
		removed: add(before.removed, removed, at),
		gaps: add(before.gaps, gaps, at),
	};
}

/** How fast it fills, and how it is used. */
function pace(before: StreamState, facts: StreamFacts, at: number, elapsedMs: number): StreamChanges {
	const moved = facts.lastSeq > before.lastSeq;
	const quietMs = moved && before.movedAt !== undefined ? at - before.movedAt : 0;
	const raw = ((facts.bytes - before.bytes) / elapsedMs) * 1000;
	const bytesTrendPerSecond = smooth(before.bytesTrendPerSecond, raw, elapsedMs, trendMs);
	return {
		bytesPerSecond: smooth(before.bytesPerSecond, raw, elapsedMs),
		bytesTrendPerSecond,
		fillingSince: (bytesTrendPerSecond ?? 0) > 0 ? (before.fillingSince ?? at) : undefined,
		usualPerSecond: smooth(
			before.usualPerSecond,
			((facts.lastSeq - before.lastSeq) / elapsedMs) * 1000,
			elapsedMs,
			usualMs,
		),
		busySince: moved ? (before.busySince ?? at) : before.busySince,
		movedAt: moved ? at : before.movedAt,
		longestQuietMs: Math.max(before.longestQuietMs ?? 0, quietMs),
	};
}

/** What is known of a stream at the first of two looks. */
type Before = Pick<
	StreamState,
	'messages' | 'bytes' | 'lastSeq' | 'numDeleted' | 'maxMessages' | 'maxBytes' | 'firstAt'
>;

/** Messages that went between two looks and that no limit of the stream explains: of the front, and between. */
export function unexplained(before: Before, facts: StreamFacts, at: number): {removed: number; gaps: number} {
	const none = {removed: 0, gaps: 0};
	const gone = before.messages + (facts.lastSeq - before.lastSeq) - facts.messages;
	if (!(gone > 0) || removesByItself(facts) || isByLimit(before, facts)) {
		return none;
	}
	const gaps = Math.min(gone, Math.max(0, facts.numDeleted - before.numDeleted));
	return {removed: isByAge(before, facts, at) ? 0 : gone - gaps, gaps};
}

/**
Streams whose messages go one by one, wherever they are: by acknowledgement, by subject, by an end of their own. A mirror
skips the sequences that its origin does not have any more.
*/
const removesByItself = ({retention, maxMessagesPerSubject, messageTtl, upstreams}: StreamFacts): boolean =>
	retention !== 'limits' ||
	maxMessagesPerSubject > 0 ||
	messageTtl ||
	upstreams.some(({kind}) => kind === 'mirror');

/** At a limit of the stream the oldest make room. */
function isByLimit(before: Before, facts: StreamFacts): boolean {
	if (facts.discard !== 'old') {
		// A limit that was lowered removes, too.
		return limitLowered(before, facts);
	}
	if (wasAtOldLimit(before, facts)) {
		return true;
	}
	const typical = before.messages > 0 ? before.bytes / before.messages : 0;
	const byBytes = facts.maxBytes > 0 && facts.bytes + 2 * typical >= facts.maxBytes * 0.95;
	const byMessages = facts.maxMessages > 0 && facts.messages >= facts.maxMessages;
	return byBytes || byMessages || limitLowered(before, facts);
}

/** A limit that was raised or taken off dropped the oldest until then. */
function wasAtOldLimit(before: Before, {maxMessages, maxBytes}: StreamFacts): boolean {
	const byMessages = before.maxMessages > 0 && before.messages >= before.maxMessages;
	const byBytes = before.maxBytes > 0 && before.bytes >= before.maxBytes * 0.95;
	return (byMessages && maxMessages !== before.maxMessages) || (byBytes && maxBytes !== before.maxBytes);
}

const limitLowered = (before: Before, facts: StreamFacts): boolean =>
	lowered(before.maxBytes, facts.maxBytes) || lowered(before.maxMessages, facts.maxMessages);

const lowered = (before: number, after: number): boolean => after > 0 && (before <= 0 || after < before);

/**
Whether the oldest that was there was at its end: then what went may all have been. Of a burst that went together nobody
can tell how young its last message was, and what may be meant is no finding.
*/
function isByAge(before: Before, facts: StreamFacts, at: number): boolean {
	const {maxAgeMs} = facts;
	const slack = Math.max(ageSlackMs, maxAgeMs * 0.05);
	const oldest = before.firstAt ?? facts.firstAt;
	return maxAgeMs > 0 && (oldest === undefined || at - oldest >= maxAgeMs - slack);
}

function add(before: StreamState['removed'], messages: number, at: number): StreamState['removed'] {
	return messages > 0 ? {at, messages: messages + (before?.messages ?? 0)} : before;
}
