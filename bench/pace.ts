const STEPS = 5_000_000;
let fastest = Number.POSITIVE_INFINITY;

/** The time that a fixed amount of work takes now, in milliseconds of the processor. */
function sample(): number {
	const began = process.cpuUsage();
	let value = 1;
	for (let step = 0; step < STEPS; step++) value = (Math.imul(value, 31) + step) | 0;
	const {user, system} = process.cpuUsage(began);
	const took = (user + system) / 1000;
	// The result is used, so that the loop is not left out.
	fastest = value === 0 ? fastest : Math.min(fastest, took);
	return took;
}

/**
 * Looks every second how fast the processor is. On a shared machine a second of processor time does not always do the
 * same work.
 *
 * @returns what ends it and gives the average time of the fixed work, in milliseconds: see `paceWords`
 */
export function watchPace(): () => number {
	const samples = [sample(), sample(), sample()];
	const timer = setInterval(() => samples.push(sample()), 1000);
	return () => {
		clearInterval(timer);
		return samples.reduce((sum, took) => sum + took, 0) / samples.length;
	};
}

/** How much slower the processor was than at its best in this whole bench; empty where it was not. */
export function paceWords(averageMs: number): string {
	const factor = averageMs / fastest;
	return factor < 1.15 ? '' : `, while the processor was ${factor.toFixed(1)} times slower than at its best`;
}
