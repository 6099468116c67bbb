/** Waits; ends early, without an error, when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) {
			resolve();
			return;
		}
		const done = (): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener('abort', done, {once: true});
	});
}

/**
Calls `work` again and again until aborted, never two at once. All polls start at whole multiples of their
interval on the clock: what they see then arrives together and costs one frame.

@param work - Answers the milliseconds until the next call to override `everyMs`. It must not throw.
*/
export async function poll(
	everyMs: number,
	signal: AbortSignal,
	// biome-ignore lint/suspicious/noConfusingVoidType: most work has nothing to answer
	work: () => Promise<number | void>,
): Promise<void> {
	while (!signal.aborted) {
		const interval = (await work()) ?? everyMs;
		const untilNext = interval - (Date.now() % interval);
		// A timer may fire a moment early: that was this turn, and the next one is an interval later.
		await pause(Math.max(10, untilNext < interval / 10 ? untilNext + interval : untilNext), signal);
	}
}

/** The pauses between attempts: each twice the one before, up to `most`; `reset` after a success. */
export class Backoff {
	#next: number;
	readonly #first: number;
	readonly #most: number;

	constructor(firstMs: number, mostMs: number) {
		this.#first = firstMs;
		this.#next = firstMs;
		this.#most = mostMs;
	}

	get nextMs(): number {
		const now = this.#next;
		this.#next = Math.min(this.#most, now * 2);
		return now;
	}

	reset(): void {
		this.#next = this.#first;
	}
}
