import type {LastSeen} from '../../records/last-seen.ts';
import type {SavedStream} from '../../records/saved-configs.ts';

/** Where a durable consumer that is created anew begins. */
export type ConsumerStart = {
	/** At most so many messages that were processed are delivered once more. */
	again: number;
} & (
	| /** As its configuration says. */ {how: 'configured'}
	/** Behind the acknowledgement floor: with its own configuration, moved there by the server (`CONSUMER.RESET`, ADR-60). */
	| {how: 'reset'; after: number}
	/** Behind the acknowledgement floor, by a start sequence in its configuration: the server can't move a consumer. */
	| {how: 'start-sequence'; after: number}
);

type SavedConsumer = SavedStream['consumers'][string];

/** What is known of the consumer and of its stream now. */
export type StartFacts = {
	config: SavedConsumer;
	/** `limits`, `interest` or `workqueue`; none given is `limits`. */
	retention: string | undefined;
	messages: number;
	firstSeq: number;
	lastSeq: number;
	/** How it was when it was last seen, where that tells anything. */
	seen: LastSeen | undefined;
	/** The server knows `CONSUMER.RESET`, and these credentials may ask for it. */
	canReset: boolean;
	/** It may begin by a start sequence where it can't be moved. */
	mayChangePolicy: boolean;
};

/** A console looks each second. What a busy service acknowledges after the last look is delivered twice, as after any restart of it. */
const momentMs = 15_000;

// The server refuses a reset of the others (10204, seen on 2.15.1).
const movable = ['all', 'by_start_sequence', 'by_start_time'];

const policyOf = (config: SavedConsumer): string => String(config['deliver_policy'] ?? 'all');

/** Whether a server that can move consumers moves one of this configuration. */
export const isMovable = (config: SavedConsumer): boolean => movable.includes(policyOf(config));

/**
Where a consumer must begin so that it misses nothing and is given nothing twice, as far as that is known. A configuration
alone begins at the first message of the stream ("all"), which gives everything out again, or at the next one ("new"), which
leaves out what was waiting. Pure.
*/
export function consumerStart({
	config,
	retention = 'limits',
	messages,
	firstSeq,
	lastSeq,
	seen,
	canReset,
	mayChangePolicy,
}: StartFacts): ConsumerStart {
	// What was acknowledged is gone from a work queue, so all that it has is still to be given out.
	if (retention === 'workqueue' || messages === 0) {
		return {how: 'configured', again: 0};
	}
	const isWhole = isMovable(config);
	const unknown: ConsumerStart = {how: 'configured', again: isWhole ? messages : 0};
	// A floor beyond the end is one of another life of the stream.
	if (seen === undefined || seen.floor > lastSeq) {
		return unknown;
	}
	const {floor, processed, unseenMs} = seen;
	const policy = policyOf(config);
	const first = policy === 'by_start_sequence' ? Number(config['opt_start_seq'] ?? 1) : firstSeq;
	// Nobody knows how far it came since it was seen.
	const again = Math.min(messages, unseenMs <= momentMs ? processed : lastSeq - floor);
	if (policy !== 'by_start_time' && isWhole && first > floor) {
		return {how: 'configured', again};
	}
	if (isWhole && canReset) {
		return {how: 'reset', after: floor, again};
	}
	return mayChangePolicy ? {how: 'start-sequence', after: floor, again} : unknown;
}

/**
The configuration with a start behind a sequence; a client that declares another one is refused (10012). It says itself that it is
not the consumer's own.
*/
export const startingAfter = (
	{opt_start_time: _time, ...config}: Record<string, unknown>,
	after: number,
): Record<string, unknown> => ({
	...config,
	deliver_policy: 'by_start_sequence',
	opt_start_seq: after + 1,
	metadata: {...(config['metadata'] as object | undefined), 'jetmedic.begins': `after ${after}`},
});
