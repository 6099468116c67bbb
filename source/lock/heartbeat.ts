/** A heart that has not beaten for so long has stopped. */
export const stoppedAfterMs = 10_000;
/** How often a run's heart beats. */
export const beatEveryMs = 2000;

/** A heartbeat as it was seen: since when it has stood at this count, by the clock of who looks. */
export type SeenBeat = {of: string; beat: string; sinceMs: number; atMs: number};

/**
What is known of a heartbeat after another look. Only looks that were answered count: while the engine does not answer,
nobody's heart can be heard.

@param of - Whose it is.
@param nowMs - A clock that only goes forward.
*/
export function seeBeat(before: SeenBeat | undefined, of: string, beat: string, nowMs: number): SeenBeat {
	const goesOn =
		before?.of === of && before.beat === beat && nowMs - before.atMs < stoppedAfterMs / 2
			? before.sinceMs
			: nowMs;
	return {of, beat, sinceMs: goesOn, atMs: nowMs};
}

/**
Whether the heart was seen to stand still for long enough. No two machines' clocks are compared; where the engine says how
long ago it beat, by its own clock alone, missing more than one beat confirms it: a clock can be set.
*/
export const hasStopped = ({sinceMs, atMs}: SeenBeat, ageMs?: number): boolean =>
	atMs - sinceMs >= (ageMs !== undefined && ageMs >= stoppedAfterMs ? 1.5 * beatEveryMs : stoppedAfterMs);
