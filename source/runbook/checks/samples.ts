/** What a thing that should move was at each look, the oldest first. */
export type Samples = number[];

/** So many risings are a movement; one may be the last one before a stand-still. */
export const risesWanted = 2;

/** The samples with one more, where it differs from the newest. Bounded: only the end tells. */
export const sampled = (samples: Samples, value: number): Samples =>
	samples.at(-1) === value ? samples : [...samples, value].slice(-20);

/** How often it rose since it last fell. What goes back, as a floor after a purge of its consumer, begins anew. */
export function rises(samples: Samples): number {
	let count = 0;
	for (let index = samples.length - 1; index > 0 && samples[index]! > samples[index - 1]!; index--) {
		count++;
	}
	return count;
}

/** The samples of the last rise in words: `1200 → 1204 → 1209`. */
export const sampleWords = (samples: Samples): string => samples.slice(-(risesWanted + 1)).join(' → ');
