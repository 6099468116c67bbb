/** One thing that is to be proved. */
export type Check = {
	name: string;
	/** What to try next where it does not hold, as a sentence. */
	otherwise: string;
	/** Called until it holds; gets the milliseconds since the first call. What it throws counts as "not yet". */
	test(elapsedMs: number): Promise<{ok: boolean; evidence: string}>;
	close?(): Promise<void>;
};

/** How long a check waits for one answer, so that it is tried several times within the deadline. */
export const answerMs = 2000;

/** A deployment whose producers are silent can't show a movement; after this long its standing still is evidence. */
export const idleAfterMs = 5000;
