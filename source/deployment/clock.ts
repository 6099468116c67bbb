import {delay} from '../clients/delay.ts';

/** The time as a run reads it, and its waits: the tests' world has one of its own. */
export type Clock = {
	/** The time of day, milliseconds since the epoch: for records. It may jump. */
	now(): number;
	/** Milliseconds that only ever go forward: for durations and deadlines. */
	elapsed(): number;
	/** Resolves after this many milliseconds, or at once when aborted. */
	delay(ms: number, signal?: AbortSignal): Promise<void>;
};

const never = new AbortController().signal;

/** The clock of this machine. (clock_gettime(2), CLOCK_REALTIME and CLOCK_MONOTONIC) */
export const machineClock: Clock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	delay: (ms, signal = never) => delay(ms, signal),
};
