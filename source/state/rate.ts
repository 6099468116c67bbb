/** The time over which rates are smoothed: short enough to follow an incident, long enough not to flicker. */
export const smoothingMs = 5000;

// What is left of an old rate after a minute would be drawn as a change each second.
const leastRate = 0.05;

/**
An exponentially smoothed rate; the weight of the newest figure depends on the time that it covers.

@param previous - The smoothed rate so far, in units a second.
@param raw - The rate over the last `elapsedMs`, in units a second.
@param overMs - The time over which it is smoothed, milliseconds.
*/
export function smooth(
	previous: number | undefined,
	raw: number,
	elapsedMs: number,
	overMs = smoothingMs,
): number | undefined {
	if (!Number.isFinite(raw) || !(elapsedMs > 0)) {
		return previous;
	}
	if (previous === undefined) {
		return round(raw);
	}
	return round(previous + (1 - Math.exp(-elapsedMs / overMs)) * (raw - previous));
}

function round(rate: number): number {
	return Math.abs(rate) < leastRate ? 0 : rate;
}

/**
The smoothed change of a gauge a second: positive when it grows. Unknown figures and a clock that did not
move leave the rate as it was.
*/
export function gaugeRate(
	previous: number | undefined,
	before: number,
	after: number,
	elapsedMs: number,
): number | undefined {
	return smooth(previous, ((after - before) / elapsedMs) * 1000, elapsedMs);
}

/**
The smoothed rate of a counter a second, never negative: a counter that went back was reset, and what it
counted meanwhile is unknown.
*/
export function counterRate(
	previous: number | undefined,
	before: number,
	after: number,
	elapsedMs: number,
): number | undefined {
	return after < before ? undefined : gaugeRate(previous, before, after, elapsedMs);
}
