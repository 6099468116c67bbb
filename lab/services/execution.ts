import {setTimeout as sleep} from 'node:timers/promises';
import type {ConsumerMessages, JsMsg} from 'nats';
import type {Link} from './link.ts';
import {startMemory} from './memory.ts';
import {DURABLE, POISON, STREAM} from './settings.ts';
import {ensureStream} from './stream.ts';
import {isOn, onSwitch} from './switches.ts';

/** The state of the consuming service. */
export type Execution = {acked(): number};

const WANTED = {expires: 5000, idle_heartbeat: 1000};
/** How long a message that can't be handled waits before it comes again. */
const POISON_MS = 100;
/** How long the handler takes for one message while it is slow: less than half of what the publishers send. */
const SLOW_MS = 200;

/** Consumes the stream and acknowledges every message at once, for good. */
export function startExecution(link: Link): Execution {
	let acked = 0;
	// by stream sequence: a redelivered message replaces its earlier delivery
	const held = new Map<number, JsMsg>();
	let messages: ConsumerMessages | undefined;
	const take = (message: JsMsg) => {
		if (message.subject === POISON) {
			message.nak(POISON_MS);
			return;
		}
		if (isOn('stall')) {
			held.set(message.seq, message);
			return;
		}
		message.ack();
		acked++;
		link.ok();
	};
	onSwitch('stall', (stalled) => {
		if (stalled) {
			link.log('warn', 'intents are queueing: handler is stuck');
			return;
		}
		link.log('info', 'handler is back', {held: held.size});
		for (const message of held.values()) take(message);
		held.clear();
	});
	// both begin with a subscription that is made anew
	for (const name of ['pull-nothing', 'one-by-one'] as const) onSwitch(name, () => messages?.stop());
	startMemory();
	const loop = async () => {
		for (;;) {
			await ensureStream(link);
			while (isOn('pull-nothing')) await sleep(100);
			try {
				const {nc, js} = await link.session();
				// what the last connection delivered can only be acknowledged on its redelivery
				held.clear();
				const consumer = await js.consumers.get(STREAM, DURABLE);
				messages = await consumer.consume({max_messages: isOn('one-by-one') ? 1 : 500, ...WANTED});
				const current = messages;
				void nc.closed().then(() => current.stop());
				void watch(link, current);
				for await (const message of current) {
					if (isOn('one-by-one')) await sleep(SLOW_MS);
					take(message);
				}
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
