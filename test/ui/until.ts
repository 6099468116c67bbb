/** Waits until a condition holds, polling it; fails with `what` once the deadline has passed. */
export async function until(condition: () => boolean, what: string, deadlineMs = 5000): Promise<void> {
	const end = performance.now() + deadlineMs;
	while (!condition()) {
		if (performance.now() > end) {
			throw new Error(`Waited ${deadlineMs} ms in vain until ${what}`);
		}
		await new Promise((resolve) => {
			setTimeout(resolve, 5);
		});
	}
}
