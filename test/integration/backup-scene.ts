// What the tests of backup and restore share: a stream with consumers in every state, and all that can be told of one.
import {randomBytes} from 'node:crypto';
import {AckPolicy, headers, type JetStreamManager, type JsMsg, type NatsConnection} from 'nats';
import {onTestFinished} from 'vitest';
import {until} from '../until.ts';
import {withNats} from './scene.ts';

/** Removes streams now and when the test ends; those that are not there are fine. */
export async function without(...streams: string[]): Promise<void> {
	const remove = () =>
		withNats(async (_nc, jsm) => {
			for (const stream of streams) {
				await jsm.streams.delete(stream).catch(() => {});
			}
		});
	onTestFinished(remove);
	await remove();
}

export const isThere = (stream: string): Promise<boolean> =>
	withNats((_nc, jsm) =>
		jsm.streams.info(stream).then(
			() => true,
			() => false,
		),
	);

/**
A stream with gaps, headers, empty and binary messages; a consumer that has acknowledged, holds, and was never given
messages, one that sees a part of them, and one that was given none. Gone when the test ends.
*/
export async function makeBusyStream(stream: string): Promise<void> {
	const subject = stream.toLowerCase();
	await without(stream);
	await withNats(async (nc, jsm) => {
		await jsm.streams.add({name: stream, subjects: [`${subject}.>`], metadata: {owner: 'tests'}});
		for (const [durable, filter] of [
			['works', undefined],
			['filters', `${subject}.b`],
			['sleeps', undefined],
		] as const) {
			await jsm.consumers.add(stream, {
				durable_name: durable,
				ack_policy: AckPolicy.Explicit,
				ack_wait: 600e9,
				...(filter && {filter_subject: filter}),
			});
		}
		const js = nc.jetstream({timeout: 10_000});
		for (let index = 0; index < 300; index++) {
			const head = headers();
			head.append('Nats-Msg-Id', `id-${index}`);
			head.append('Trace', 'a');
			head.append('Trace', 'b');
			const data = index % 7 === 0 ? new Uint8Array() : randomBytes(index * 5);
			await js.publish(`${subject}.${index % 3 ? 'a' : 'b'}`, data, index % 2 ? {headers: head} : undefined);
		}
		for (const gone of [3, 4, 150, 300]) {
			await jsm.streams.deleteMessage(stream, gone);
		}
		await jsm.streams.purge(stream, {seq: 3});
		const messages = await fetch(nc, stream, 'works', 40);
		for (const [index, message] of messages.entries()) {
			// The floor stops below the first one that is held.
			if (index !== 10 && index !== 20 && index < 35) {
				message.ack();
			}
		}
		for (const message of await fetch(nc, stream, 'filters', 5)) {
			message.ack();
		}
		await until('the server has all acknowledgements', async () => {
			const works = await jsm.consumers.info(stream, 'works');
			const filters = await jsm.consumers.info(stream, 'filters');
			return works.num_ack_pending === 7 && filters.num_ack_pending === 0;
		});
	});
}

async function fetch(nc: NatsConnection, stream: string, consumer: string, count: number): Promise<JsMsg[]> {
	const from = await nc.jetstream().consumers.get(stream, consumer);
	const messages: JsMsg[] = [];
	for await (const message of await from.fetch({max_messages: count, expires: 5000})) {
		messages.push(message);
	}
	return messages;
}

/** A stream of this many bytes that can't be compressed, in messages of 100 kB. Gone when the test ends. */
export async function makeLargeStream(stream: string, bytes: number): Promise<void> {
	await without(stream);
	const size = 100_000;
	const atOnce = 50;
	await withNats(async (nc, jsm) => {
		await jsm.streams.add({name: stream, subjects: [`${stream.toLowerCase()}.>`]});
		const js = nc.jetstream({timeout: 30_000});
		for (let left = Math.ceil(bytes / size); left > 0; left -= atOnce) {
			await Promise.all(
				Array.from({length: Math.min(left, atOnce)}, () =>
					js.publish(`${stream.toLowerCase()}.x`, randomBytes(size)),
				),
			);
		}
	});
}

/** All that can be told of a stream: its state, each message with headers and time, each consumer with its floors. */
export const allOf = (stream: string) =>
	withNats(async (nc, jsm) => {
		const {config, state} = await jsm.streams.info(stream, {deleted_details: true});
		const messages: unknown[] = [];
		for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
			const answer = (
				await nc.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({seq}), {timeout: 5000})
			).json<{message?: unknown}>();
			if (answer.message !== undefined) {
				messages.push(answer.message);
			}
		}
		const {metadata, name: _, ...rest} = config;
		return {
			// The server adds what it understands of it.
			config: {...rest, owner: metadata?.['owner']},
			state: {
				messages: state.messages,
				bytes: state.bytes,
				first: state.first_seq,
				last: state.last_seq,
				deleted: (state as {deleted?: number[]}).deleted,
			},
			messages,
			consumers: await consumersOf(jsm, stream),
		};
	});

async function consumersOf(jsm: JetStreamManager, stream: string): Promise<unknown[]> {
	const consumers = await jsm.consumers.list(stream).next();
	return consumers
		.map(({name, config, delivered, ack_floor, num_pending, num_ack_pending}) => ({
			name,
			filter: config.filter_subject,
			ackWait: config.ack_wait,
			delivered: [delivered.consumer_seq, delivered.stream_seq],
			floor: [ack_floor.consumer_seq, ack_floor.stream_seq],
			pending: num_pending,
			ackPending: num_ack_pending,
		}))
		.sort((a, b) => a.name.localeCompare(b.name));
}
