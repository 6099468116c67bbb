import {setTimeout as sleep} from 'node:timers/promises';
import {LabError} from '../run.ts';

/**
 * Asks again and again until the answer is yes. A question that fails counts as a no.
 * @param what what is waited for, as the subject of a sentence: "titan-nats refusing connections"
 * @throws LabError when it does not come within `timeoutMs` milliseconds
 */
export async function until(what: string, ask: () => Promise<boolean>, timeoutMs = 10_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	let failure = '';
	for (;;) {
		try {
			if (await ask()) return;
			failure = '';
		} catch (error) {
			failure = ` (${(error as Error).message})`;
		}
		if (Date.now() > deadline) {
			throw new LabError(
				`${what} was not seen in ${timeoutMs / 1000} s${failure}: run "npm run lab -- mend" and try again.`,
			);
		}
		await sleep(50);
	}
}

/** The status and text of a page on 127.0.0.1; status 0 when it does not answer within `timeoutMs` milliseconds. */
export async function page(
	port: number,
	path: string,
	timeoutMs = 1000,
): Promise<{status: number; text: string}> {
	try {
		const response = await fetch(`http://127.0.0.1:${port}${path}`, {signal: AbortSignal.timeout(timeoutMs)});
		return {status: response.status, text: await response.text()};
	} catch {
		return {status: 0, text: ''};
	}
}
