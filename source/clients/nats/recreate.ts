import {setTimeout as delay} from 'node:timers/promises';
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

/** Creates a durable consumer from a saved configuration (`$JS.API.CONSUMER.DURABLE.CREATE`). One that is there already is success. */
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

/** `$JS.API.CONSUMER.DELETE`. @throws as `createStream`. */
export async function deleteConsumer(
	connection: NatsConnection,
	stream: string,
	consumer: string,
): Promise<void> {
	await request(connection, `CONSUMER.DELETE.${stream}.${consumer}`, undefined, anything, 10_000);
}

/** The subjects that `resetConsumer` and `resumeConsumer` publish to. */
export const moveSubjects = (stream: string, consumer: string): string[] => [
	`$JS.API.CONSUMER.RESET.${stream}.${consumer}`,
	`$JS.API.CONSUMER.PAUSE.${stream}.${consumer}`,
];

/** Whether a server of this version can move a consumer: nats-server 2.14 and later. */
export function knowsReset(version: string | undefined): boolean {
	const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
	return major > 2 || (major === 2 && minor >= 14);
}

/** Moves a consumer so that the next message it gives out has at least this stream sequence (ADR-60). @throws as `createStream`. */
export async function resetConsumer(
	connection: NatsConnection,
	stream: string,
	consumer: string,
	nextSeq: number,
): Promise<void> {
	await request(connection, `CONSUMER.RESET.${stream}.${consumer}`, {seq: nextSeq}, anything, 10_000);
}

/** How long the last moment of a pause is. */
const lastMomentMs = 100;

const timed = z.looseObject({ts: z.string(), paused: z.boolean().catch(false)});

/**
Lets a paused consumer give out messages again (`$JS.API.CONSUMER.PAUSE`, ADR-42). Whoever waited during the pause is given
something only where the pause runs out: a pause that is ended at once leaves him waiting for the next message that is published
(docs/facts.md). So it is made to end in a moment, and then what is left of it in the configuration is taken out.

@throws as `createStream`.
*/
export async function resumeConsumer(
	connection: NatsConnection,
	stream: string,
	consumer: string,
): Promise<void> {
	const look = () => request(connection, `CONSUMER.INFO.${stream}.${consumer}`, undefined, timed);
	const pause = (body: object) =>
		request(connection, `CONSUMER.PAUSE.${stream}.${consumer}`, body, anything, 10_000);
	// By the server's clock, not by ours.
	const now = Date.parse((await look()).ts);
	await pause({pause_until: new Date(now + lastMomentMs).toISOString()});
	for (let looks = 0; looks < 50 && (await look()).paused; looks++) {
		await delay(lastMomentMs / 2);
	}
	await pause({});
}
