import {delay} from '../clients/delay.ts';
import {StepError} from '../deployment/step-error.ts';

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
		deadlineMs,
		everyMs = 50,
		signal,
		onWaiting = () => {},
	}: {deadlineMs: number; everyMs?: number; signal: AbortSignal; onWaiting?: (reason: string) => void},
): Promise<void> {
	const started = performance.now();
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
		if (performance.now() - started > deadlineMs) {
			throw new StepError(`${what}: not within ${Math.round(deadlineMs / 1000)} s: ${last}.`);
		}
		await delay(everyMs, signal);
	}
}
