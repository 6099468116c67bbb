import {readMemory} from './memory.ts';
import type {Place} from './place.ts';

/** How a consumer was when it was last seen. */
export type LastSeen = {
	/** Up to this stream sequence everything was acknowledged. */
	floor: number;
	/** Messages beyond that which were acknowledged, too, at most. */
	processed: number;
	/** How long before it went that was, milliseconds. */
	unseenMs: number;
};

/**
What the console remembers of a consumer that is gone; nothing if that is of another stream of the same name. A consumer that
is placed by another one's floor skips messages that nobody has read.

@param createdAt - When the stream that is there now was made, milliseconds since the epoch.
*/
export function lastSeen(
	place: Place,
	stream: string,
	consumer: string,
	createdAt: number,
	now: number,
): LastSeen | undefined {
	const known = readMemory(place, now).streams.find(({name}) => name === stream);
	const seen = known?.consumers[consumer];
	if (!seen || known?.created !== createdAt || (known.began?.at ?? 0) > seen.at) {
		return undefined;
	}
	return {
		floor: seen.ackFloorStreamSeq,
		processed: Math.max(0, seen.deliveredStreamSeq - seen.ackFloorStreamSeq - seen.ackPending),
		unseenMs: (seen.goneAt ?? now) - seen.at,
	};
}
