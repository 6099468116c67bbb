import {setTimeout as sleep} from 'node:timers/promises';
import type {ConsumerMessages, JsMsg} from 'nats';
import type {Link} from './link.ts';
import {DURABLE, STREAM} from './settings.ts';
import {ensureStream} from './stream.ts';

/** The state of the consuming service. */
export type Execution = {acked(): number};

/**
 * Consumes the stream and acknowledges every message at once, for good.
 * SIGUSR1 makes it hold messages without acknowledging them, SIGUSR2 makes it acknowledge again (the stalled-consumer fault).
 */
export function startExecution(link: Link): Execution {
	let acked = 0;
	let stalled = false;
	// by stream sequence: a redelivered message replaces its earlier delivery
	const held = new Map<number, JsMsg>();
	const take = (message: JsMsg) => {
		if (stalled) {
			held.set(message.seq, message);
			return;
		}
		message.ack();
		acked++;
		link.ok();
	};
	process.on('SIGUSR1', () => {
		stalled = true;
		link.log('warn', 'intents are queueing: handler is stuck');
	});
	process.on('SIGUSR2', () => {
		if (!stalled) return;
		stalled = false;
		link.log('info', 'handler is back', {held: held.size});
		for (const message of held.values()) take(message);
		held.clear();
	});
	const loop = async () => {
		for (;;) {
			await ensureStream(link);
			try {
				const {nc, js} = await link.session();
				// what the last connection delivered can only be acknowledged on its redelivery
				held.clear();
				const consumer = await js.consumers.get(STREAM, DURABLE);
				const messages = await consumer.consume({max_messages: 500, expires: 5000, idle_heartbeat: 1000});
				void nc.closed().then(() => messages.stop());
				void watch(link, messages);
				for await (const message of messages) take(message);
			} catch (error) {
				link.fail('consume', error);
				await sleep(250);
			}
		}
	};
	void loop();
	let reported = 0;
	setInterval(() => {
		link.log('info', `acknowledged ${acked - reported} intents in 5 s`, {total: acked});
		reported = acked;
	}, 5000);
	return {acked: () => acked};
}

/** Ends a subscription whose stream or consumer is gone, so that the loop makes them again. */
async function watch(link: Link, messages: ConsumerMessages): Promise<void> {
	for await (const status of await messages.status()) {
		if (status.type === 'heartbeats_missed') {
			link.fail('consume', new Error(`no heartbeat from the server (${status.data} missed)`));
		} else if (
			['consumer_not_found', 'stream_not_found', 'consumer_deleted', 'no_responders'].includes(status.type)
		) {
			link.fail('consume', new Error(status.type.replaceAll('_', ' ')));
			messages.stop();
		}
	}
}
