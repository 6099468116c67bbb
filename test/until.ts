/**
Waits until a question has an answer: asks again and again until it is neither false nor undefined. A failure
to answer counts as no.

@param what - What is waited for, for the message.
@returns The answer.
@throws an Error with the last failure when there was no answer within the deadline.
*/
export async function until<T>(
	what: string,
	ask: () => T | Promise<T>,
	deadlineMs = 5000,
	everyMs = 10,
): Promise<Exclude<T, false | undefined>> {
	const end = performance.now() + deadlineMs;
	let reason = 'the answer stayed no';
	for (;;) {
		try {
			const answer = await ask();
			if (answer !== false && answer !== undefined) {
				return answer as Exclude<T, false | undefined>;
			}
			reason = 'the answer stayed no';
		} catch (error) {
			reason = (error as Error).message;
		}
		if (performance.now() > end) {
			throw new Error(`Waited ${deadlineMs} ms in vain: ${what} (${reason})`);
		}
		await new Promise((resolve) => {
			setTimeout(resolve, everyMs);
		});
	}
}
