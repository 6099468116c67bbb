import type {ConsumerLoss, Impact} from '../records/event.ts';
import type {ConsumerFacts, StreamFacts} from '../state/observation.ts';
import {plural} from '../text/count.ts';

/**
What a purge that keeps the last `keep` messages would take, from whom. Where the figures leave room (a
filtered consumer, gaps in the sequence) it is the most that can be lost, never less than what is.

@param keep - Messages kept; 0 for a purge of everything.
@param expected - The consumer that must be there. Where it is not, nobody knows what it had read: all counts as unread.
*/
export function computeImpact(stream: StreamFacts, keep: number, at: number, expected?: string): Impact {
	const removedMessages = Math.max(0, stream.messages - keep);
	// The first sequence that stays. Gaps only make fewer messages of a range, so this errs to the safe side.
	const firstKept = removedMessages === 0 ? stream.firstSeq : stream.lastSeq - keep + 1;
	const consumers = (stream.consumers ?? []).map((consumer) => lossOf(consumer, firstKept, removedMessages));
	if (expected !== undefined && !consumers.some(({consumer}) => consumer === expected)) {
		consumers.push({consumer: expected, neverDelivered: removedMessages, unacknowledged: 0, keeps: 0});
	}
	return {
		at,
		stream: stream.name,
		keep,
		messages: stream.messages,
		removedMessages,
		bytes: stream.bytes,
		removedBytes: stream.messages === 0 ? 0 : Math.round((stream.bytes * removedMessages) / stream.messages),
		consumers,
		unprocessed: Math.max(0, ...consumers.map((loss) => loss.neverDelivered + loss.unacknowledged)),
	};
}

// Between the plan and the purge a few messages are always under way; while a name is typed, half a minute's.
const slackOfNone = 100;
const slackOfSome = 500;

/**
The most unprocessed messages that a purge may take when it was confirmed with `confirmed` of them. It stands in the
plan; where more would go, the run stops and asks.
*/
export const mostLoss = (confirmed: number): number =>
	confirmed + (confirmed === 0 ? slackOfNone : Math.max(slackOfSome, Math.ceil(confirmed / 4)));

function lossOf(consumer: ConsumerFacts, firstKept: number, removed: number): ConsumerLoss {
	const {lag, ackPending, deliveredStreamSeq: delivered, ackFloorStreamSeq: floor} = consumer;
	const neverDelivered = Math.min(lag, removed, Math.max(0, firstKept - 1 - delivered));
	const unacknowledged = Math.min(
		ackPending,
		removed,
		Math.max(0, Math.min(delivered, firstKept - 1) - floor),
	);
	return {
		consumer: consumer.name,
		neverDelivered,
		unacknowledged,
		keeps: lag + ackPending - neverDelivered - unacknowledged,
	};
}

/** What a consumer that is made anew is given once more, as a sentence of the plan. */
export const againText = (messages: number): string =>
	`Up to ${plural(messages, 'message')} are delivered again, processed or not: nobody saw how far the consumer came.`;
