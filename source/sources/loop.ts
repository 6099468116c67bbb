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
Calls `work` again and again until aborted: never two at once, `everyMs` from start to start, and slower
when the work itself takes long, so that a poll never takes more than a fifth of the time.

@param work - Answers the milliseconds until the next call to override `everyMs`. It must not throw.
*/
export async function poll(
	everyMs: number,
	signal: AbortSignal,
	// biome-ignore lint/suspicious/noConfusingVoidType: most work has nothing to answer
	work: () => Promise<number | void>,
): Promise<void> {
	while (!signal.aborted) {
		const started = performance.now();
		const override = await work();
		const took = performance.now() - started;
		await pause(Math.max((override ?? everyMs) - took, took * 4, 10), signal);
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
