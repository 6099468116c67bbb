import type {ConsumerState, StreamState} from '../state/types.ts';
import {formatAge} from '../text/duration.ts';

/** What is further away than this is no news, and an estimate of it is worth nothing. */
const tellWithinMs = 24 * 3_600_000;

/**
How long it takes at these rates until the stream drops a message that the consumer has not acknowledged, in milliseconds;
undefined where it never does. A stream that refuses at its limit (`discard: new`) loses only by age.

Once the stream is full, what is dropped next moves as fast as is published, and the consumer's floor as fast as it works: they come
nearer to each other by the difference. By stream sequences, so that it holds for a consumer that takes only some subjects, too.
*/
export function timeToLoss(stream: StreamState, consumer: ConsumerState): number | undefined {
	const {inPerSecond = 0} = stream;
	const {floorPerSecond = 0, lag, ackPending} = consumer;
	const perSecond = inPerSecond - floorPerSecond;
	if (perSecond <= 0 || lag + ackPending === 0) {
		return undefined;
	}
	const times = [
		byLimit(stream, consumer, perSecond),
		byAge(stream, consumer, perSecond / inPerSecond),
	].filter((ms) => ms !== undefined);
	return times.length === 0 ? undefined : Math.max(0, Math.min(...times));
}

/** The same in words: `messages are lost in 12 m`; nothing where it is far away. */
export function lossWords(stream: StreamState, consumer: ConsumerState): string | undefined {
	const ms = timeToLoss(stream, consumer);
	if (ms === undefined || ms > tellWithinMs) {
		return undefined;
	}
	return ms < 1000 ? 'messages are being lost' : `messages are lost in ${formatAge(ms)}`;
}

function byLimit(stream: StreamState, consumer: ConsumerState, perSecond: number): number | undefined {
	const {discard, messages, bytes, maxBytes, maxMessages, firstSeq} = stream;
	if (discard !== 'old' || messages === 0) {
		return undefined;
	}
	const rooms = [
		...(maxMessages > 0 ? [maxMessages - messages] : []),
		...(maxBytes > 0 ? [((maxBytes - bytes) * messages) / bytes] : []),
	];
	if (rooms.length === 0) {
		return undefined;
	}
	const processed = Math.max(0, consumer.ackFloorStreamSeq + 1 - firstSeq);
	return ((Math.max(0, Math.min(...rooms)) + processed) / perSecond) * 1000;
}

/** @param share - How much of the time that passes the next message of the consumer grows older by. */
function byAge(stream: StreamState, consumer: ConsumerState, share: number): number | undefined {
	const {maxAgeMs, firstAt, lastAt, firstSeq, lastSeq, at} = stream;
	if (maxAgeMs <= 0 || firstAt === undefined || lastAt === undefined) {
		return undefined;
	}
	// When a message in the middle came nobody says: taken to have come evenly.
	const place = (consumer.ackFloorStreamSeq + 1 - firstSeq) / Math.max(1, lastSeq - firstSeq);
	const cameAt = firstAt + Math.min(1, Math.max(0, place)) * (lastAt - firstAt);
	return (maxAgeMs - (at - cameAt)) / share;
}
