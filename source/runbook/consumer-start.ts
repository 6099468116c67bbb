import type {SavedStream} from './configs.ts';

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

/** What is known of the consumer and of its stream now. */
export type StartFacts = {
	config: SavedStream['consumers'][string];
	/** `limits`, `interest` or `workqueue`; none given is `limits`. */
	retention: string | undefined;
	messages: number;
	firstSeq: number;
	lastSeq: number;
	/** The last acknowledgement floor that was seen, as a stream sequence. */
	floor: number | undefined;
	/** How long before it went that was, milliseconds. */
	unseenMs: number;
	/** The server knows `CONSUMER.RESET`, and these credentials may ask for it. */
	canReset: boolean;
};

/** A console looks each second. What a busy service acknowledges after the last look is delivered twice, as after any restart of it. */
const momentMs = 15_000;

// The server refuses a reset of the others (10204, seen on 2.15.1).
const movable = ['all', 'by_start_sequence', 'by_start_time'];

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
	floor,
	unseenMs,
	canReset,
}: StartFacts): ConsumerStart {
	// What was acknowledged is gone from the others, so all that they have is still to be given out.
	if (retention !== 'limits') {
		return {how: 'configured', again: 0};
	}
	const policy = String(config['deliver_policy'] ?? 'all');
	const isMovable = movable.includes(policy);
	// A floor beyond the end is one of another life of the stream.
	if (floor === undefined || floor > lastSeq) {
		return {how: 'configured', again: isMovable ? messages : 0};
	}
	const first = policy === 'by_start_sequence' ? Number(config['opt_start_seq'] ?? 1) : firstSeq;
	const isWhole = policy === 'all' || policy === 'by_start_sequence';
	if (messages === 0 || (isWhole && first > floor)) {
		return {how: 'configured', again: 0};
	}
	return {
		how: isMovable && canReset ? 'reset' : 'start-sequence',
		after: floor,
		// Nobody knows how far it came since it was seen.
		again: unseenMs <= momentMs ? 0 : lastSeq - floor,
	};
}

/** The configuration with a start behind a sequence; a client that declares another one is refused (10012). */
export const startingAfter = (
	{opt_start_time: _time, ...config}: Record<string, unknown>,
	after: number,
): Record<string, unknown> => ({...config, deliver_policy: 'by_start_sequence', opt_start_seq: after + 1});
