import type {JetStreamClient, NatsConnection, NatsError} from 'nats';
import {LabError} from '../run.ts';

/** Sizes tried one after the other: the gap that a big message does not fit in still takes small ones. */
const SIZES = [500_000, 10_000, 100];
/** Of each size; enough for every limit of the lab, and not for ever. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_MESSAGES = 20_000;

/**
 * Publishes to a subject until the server refuses messages of every size with one JetStream error.
 * @throws LabError when another error comes, or none
 */
export async function fillStream(
	nc: NatsConnection,
	subject: string,
	errorCode: number,
	sizes: readonly number[] = SIZES,
): Promise<void> {
	const js = nc.jetstream({timeout: 10_000});
	for (const bytes of sizes) await fillWith(js, subject, errorCode, bytes);
}

async function fillWith(
	js: JetStreamClient,
	subject: string,
	errorCode: number,
	bytes: number,
): Promise<void> {
	const body = new Uint8Array(bytes).fill(120);
	const atOnce = Math.max(1, Math.min(256, Math.floor(4_000_000 / bytes)));
	const most = Math.min(MOST_MESSAGES, MOST_BYTES / bytes);
	for (let sent = 0; sent < most; sent += atOnce) {
		const results = await Promise.allSettled(Array.from({length: atOnce}, () => js.publish(subject, body)));
		const failures = results
			.filter((result) => result.status === 'rejected')
			.map((result) => result.reason as NatsError);
		const other = failures.find((failure) => failure.api_error?.err_code !== errorCode);
		if (other)
			throw new LabError(`Filling ${subject} failed: ${other.api_error?.description ?? other.message}.`);
		if (failures.length > 0) return;
	}
	throw new LabError(`${subject} still takes messages: its stream has no limit of the lab's size.`);
}
