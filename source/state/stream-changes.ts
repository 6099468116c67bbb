import {isMadeAnew} from './made-anew.ts';
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
	// Another stream of the same name: what it holds is not what is left of the one before.
	const isAnother = isMadeAnew(before, facts);
	if (facts.lastSeq < before.lastSeq || isAnother) {
		const began = {at, from: before.lastSeq, to: facts.lastSeq, ...(isAnother && {anew: true as const})};
		return isByRun ? {} : {began, ...(!isAnother && {removed: before.removed, gaps: before.gaps})};
	}
	const isWatched = before.present;
	const {removed, gaps} = isByRun ? {removed: 0, gaps: 0} : unexplained(before, facts, at);
	return {
		...(isWatched ? pace(before, facts, at, elapsedMs) : {}),
		// A leader that has just been elected may not have applied all that the one before it told.
		began:
			before.began && !before.began.anew && facts.lastSeq >= before.began.from ? undefined : before.began,
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
> &
	Partial<Configured> &
	Partial<Pick<StreamState, 'at' | 'updatedAt'>>;

/** What may have been another limit before. */
type Configured = Pick<
	StreamFacts,
	'discard' | 'maxAgeMs' | 'retention' | 'maxMessagesPerSubject' | 'messageTtl' | 'upstreams'
>;

/** Messages that went between two looks and that no limit of the stream explains: of the front, and between. */
export function unexplained(before: Before, facts: StreamFacts, at: number): {removed: number; gaps: number} {
	const none = {removed: 0, gaps: 0};
	const gone = before.messages + (facts.lastSeq - before.lastSeq) - facts.messages;
	// Those that the configuration before named removed too, until it was changed.
	const removes = removesByItself(facts) || removesByItself({...facts, ...before});
	// A limit that was lowered and raised again between the two looks shows only in the advisory.
	const isUpdated = before.updatedAt !== undefined && before.updatedAt >= (before.at ?? 0);
	if (!(gone > 0) || removes || isUpdated || isByLimit(before, facts)) {
		return none;
	}
	const gaps = Math.min(gone, Math.max(0, facts.numDeleted - before.numDeleted));
	return {removed: isByAge(before, facts, at) ? 0 : gone - gaps, gaps};
}

/**
Streams whose messages go one by one, wherever they are: by acknowledgement, by subject, by an end of their own. A mirror
skips the sequences that its origin does not have any more.
*/
const removesByItself = ({
	retention,
	maxMessagesPerSubject,
	messageTtl,
	upstreams,
}: Pick<StreamFacts, 'retention' | 'maxMessagesPerSubject' | 'messageTtl' | 'upstreams'>): boolean =>
	retention !== 'limits' ||
	maxMessagesPerSubject > 0 ||
	messageTtl ||
	upstreams.some(({kind}) => kind === 'mirror');

/** At a limit of the stream the oldest make room: at the one that it has, or had until it was changed. */
const isByLimit = (before: Before, facts: StreamFacts): boolean =>
	limitLowered(before, facts) ||
	(facts.discard === 'old' && isFull(facts, facts)) ||
	(before.discard === 'old' && isChanged(before, facts) && isFull(before, mostBetween(before, facts)));

type Limits = Pick<StreamFacts, 'maxBytes' | 'maxMessages'>;
type Held = Pick<StreamFacts, 'bytes' | 'messages'>;

function isFull({maxBytes, maxMessages}: Limits, {bytes, messages}: Held): boolean {
	const typical = messages > 0 ? bytes / messages : 0;
	const byBytes = maxBytes > 0 && bytes + 2 * typical >= maxBytes * 0.95;
	return byBytes || (maxMessages > 0 && messages >= maxMessages);
}

/** What it would have held at most between the two looks without any limit. */
function mostBetween(before: Before, facts: StreamFacts): Held {
	const messages = before.messages + (facts.lastSeq - before.lastSeq);
	const sizes = [before, facts].map((one) => (one.messages > 0 ? one.bytes / one.messages : 0));
	return {messages, bytes: before.bytes + (messages - before.messages) * Math.max(...sizes)};
}

const isChanged = (before: Before, facts: StreamFacts): boolean =>
	before.maxBytes !== facts.maxBytes ||
	before.maxMessages !== facts.maxMessages ||
	before.discard !== facts.discard;

const limitLowered = (before: Before, facts: StreamFacts): boolean =>
	lowered(before.maxBytes, facts.maxBytes) || lowered(before.maxMessages, facts.maxMessages);

const lowered = (before: number, after: number): boolean => after > 0 && (before <= 0 || after < before);

/**
Whether the oldest that was there was at its end: then what went may all have been. Of a burst that went together nobody
can tell how young its last message was, and what may be meant is no finding. An age that was raised ended them until then.
*/
function isByAge(before: Before, facts: StreamFacts, at: number): boolean {
	const ages = [before.maxAgeMs ?? 0, facts.maxAgeMs].filter((age) => age > 0);
	const maxAgeMs = Math.min(...ages);
	const slack = Math.max(ageSlackMs, maxAgeMs * 0.05);
	const oldest = before.firstAt ?? facts.firstAt;
	return ages.length > 0 && (oldest === undefined || at - oldest >= maxAgeMs - slack);
}

function add(before: StreamState['removed'], messages: number, at: number): StreamState['removed'] {
	return messages > 0 ? {at, messages: messages + (before?.messages ?? 0)} : before;
}
