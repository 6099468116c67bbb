import type {NatsConnection} from '../clients/nats/connection.ts';
import {
	consumerInfo,
	ErrorCode,
	JetStreamError,
	NoAnswerError,
	streamInfo,
} from '../clients/nats/jetstream.ts';
import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';
import type {ReadingFacts} from '../state/reading.ts';
import type {Named} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';

/** The answer about one that was asked for by name: only the server's own 10059 or 10014 makes it missing. */
export type Asked<T> = {answer: Named['answer']; error?: string; info?: T};

/** A stream by its name, and a consumer by both. */
export type Name = {stream: string; consumer?: string | undefined};

/** `STREAM.INFO`. Never throws. */
export const askStream = (
	connection: NatsConnection,
	stream: string,
	timeoutMs?: number,
): Promise<Asked<StreamInfo>> =>
	asked(() => streamInfo(connection, stream, timeoutMs), [ErrorCode.streamNotFound]);

/** `CONSUMER.INFO`. Never throws. A stream that is not there has no consumer, but that is no word about the consumer. */
export const askConsumer = (
	connection: NatsConnection,
	stream: string,
	consumer: string,
	timeoutMs?: number,
): Promise<Asked<ConsumerInfo>> =>
	asked(() => consumerInfo(connection, stream, consumer, timeoutMs), [ErrorCode.consumerNotFound]);

async function asked<T>(ask: () => Promise<T>, missing: readonly number[]): Promise<Asked<T>> {
	try {
		return {answer: 'there', info: await ask()};
	} catch (error) {
		const isMissing = error instanceof JetStreamError && missing.includes(error.errCode);
		return {answer: isMissing ? 'missing' : 'unread', error: sanitize((error as Error).message, 200)};
	}
}

/** Why something was not read: the server refused, or nothing was understood. */
export const readingOf = (error: unknown): ReadingFacts => ({
	status:
		error instanceof JetStreamError || (error instanceof NoAnswerError && error.reason === 'denied')
			? 'refused'
			: 'unread',
	error: sanitize((error as Error).message, 200),
});
