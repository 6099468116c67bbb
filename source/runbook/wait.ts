import type {Clock} from '../deployment/clock.ts';
import {StepError} from '../deployment/step-error.ts';

const leastMs = 50;
const mostMs = 500;

/**
How long to wait before the next look: short at first, and then a twentieth of the time that has passed, so that what takes long
is not asked thousands of times.
*/
export const nextLookMs = (elapsedMs: number): number => Math.min(mostMs, Math.max(leastMs, elapsedMs / 20));

/**
Polls a condition until it holds. Waiting in a run is always this, never a sleep.

@param look - Answers undefined when it holds, and else why not yet, in a few words.
@param onWaiting - Gets each new reason.
@throws StepError with the last reason after `deadlineMs`; the signal's reason when aborted.
*/
export async function waitUntil(
	what: string,
	look: () => Promise<string | undefined>,
	{
		clock,
		deadlineMs,
		everyMs,
		signal,
		onWaiting = () => {},
	}: {
		clock: Clock;
		deadlineMs: number;
		everyMs?: number;
		signal: AbortSignal;
		onWaiting?: (reason: string) => void;
	},
): Promise<void> {
	const started = clock.elapsed();
	let last = '';
	for (;;) {
		signal.throwIfAborted();
		const reason = await look();
		if (reason === undefined) {
			return;
		}
		if (reason !== last) {
			last = reason;
			onWaiting(reason);
		}
		const elapsedMs = clock.elapsed() - started;
		if (elapsedMs > deadlineMs) {
			throw new StepError(`${what}: not within ${Math.round(deadlineMs / 1000)} s: ${last}.`);
		}
		await clock.delay(everyMs ?? nextLookMs(elapsedMs), signal);
	}
}
