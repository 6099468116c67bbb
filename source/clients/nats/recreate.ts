import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {ErrorCode, JetStreamError, request} from './jetstream.ts';

const anything = z.looseObject({});

/**
Creates a stream from a saved configuration (`$JS.API.STREAM.CREATE`). Where the server lost only its own record of
the stream, this adopts the messages that are still on disk; `updateStream` then makes it write that record again.

@throws JetStreamError when the server refuses, NoAnswerError where there is no answer.
*/
export async function createStream(
	connection: NatsConnection,
	config: Record<string, unknown>,
): Promise<void> {
	await request(connection, `STREAM.CREATE.${String(config['name'])}`, config, anything, 30_000);
}

/** Gives a stream the configuration that it has, which makes the server write its record (`$JS.API.STREAM.UPDATE`). @throws as `createStream`. */
export async function updateStream(
	connection: NatsConnection,
	config: Record<string, unknown>,
): Promise<void> {
	await request(connection, `STREAM.UPDATE.${String(config['name'])}`, config, anything, 10_000);
}

/** Creates a durable consumer from a saved configuration. One that is there already is success. */
export async function createConsumer(
	connection: NatsConnection,
	stream: string,
	config: Record<string, unknown>,
): Promise<void> {
	const name = String(config['durable_name'] ?? config['name']);
	try {
		await request(
			connection,
			`CONSUMER.DURABLE.CREATE.${stream}.${name}`,
			{stream_name: stream, config: {...config, durable_name: name}},
			anything,
			10_000,
		);
	} catch (error) {
		if (!(error instanceof JetStreamError && error.errCode === ErrorCode.consumerExists)) {
			throw error;
		}
	}
}
