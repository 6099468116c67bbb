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

/** Ends a poll's pause at once: something was told that the next look would see. */
export class Wake {
	#wakers = new Set<() => void>();

	/** Wakes every poll that pauses on it. */
	now(): void {
		for (const wake of this.#wakers) {
			wake();
		}
	}

	/** Pauses as `pause` does, or until it is woken. */
	async pause(ms: number, signal: AbortSignal): Promise<void> {
		const woken = new AbortController();
		const wake = (): void => woken.abort();
		this.#wakers.add(wake);
		try {
			await pause(ms, AbortSignal.any([signal, woken.signal]));
		} finally {
			this.#wakers.delete(wake);
		}
	}
}

/**
Calls `work` again and again until aborted, never two at once. All polls start at whole multiples of their
interval on the clock: what they see then arrives together and costs one frame.

@param work - Answers the milliseconds until the next call to override `everyMs`. It must not throw.
@param wake - What makes the next call come at once.
*/
export async function poll(
	everyMs: number,
	signal: AbortSignal,
	// biome-ignore lint/suspicious/noConfusingVoidType: most work has nothing to answer
	work: () => Promise<number | void>,
	wake = new Wake(),
): Promise<void> {
	while (!signal.aborted) {
		const interval = (await work()) ?? everyMs;
		const untilNext = interval - (Date.now() % interval);
		// A timer may fire a moment early: that was this turn, and the next one is an interval later.
		await wake.pause(Math.max(10, untilNext < interval / 10 ? untilNext + interval : untilNext), signal);
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
