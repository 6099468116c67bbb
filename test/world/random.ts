/** Random numbers that a seed decides: the same seed is the same story. */
export type Random = {
	/** From 0 up to 1. */
	next(): number;
	/** A whole number from 0 up to `below`. */
	int(below: number): number;
	chance(share: number): boolean;
	pick<T>(from: readonly T[]): T;
};

/** mulberry32: 32 bits of state are plenty for a schedule, and it is the same on every machine. */
export function randomOf(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (below: number): number => Math.floor(next() * below);
	return {next, int, chance: (share) => next() < share, pick: (from) => from[int(from.length)]!};
}
