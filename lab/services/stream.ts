import {setTimeout as sleep} from 'node:timers/promises';
import {AckPolicy, DiscardPolicy, nanos, RetentionPolicy, StorageType} from 'nats';
import {apiCode} from './errors.ts';
import type {Link} from './link.ts';
import {DURABLE, number, STREAM} from './settings.ts';

const NO_STREAM = 10059;
const NO_CONSUMER = 10014;

/** The stream's limits: full it refuses, as the real one does; an hour of normal traffic is a quarter of it. */
const streamConfig = () => ({
	name: STREAM,
	subjects: ['titan.intents.>'],
	storage: StorageType.File,
	retention: RetentionPolicy.Limits,
	discard: DiscardPolicy.New,
	max_bytes: number('STREAM_MAX_BYTES', 64 * 1024 * 1024),
	// keeps a lab that is left up for days from filling by itself
	max_age: nanos(60 * 60 * 1000),
	num_replicas: 1,
});

/** The durable consumer: a short ack wait, so that a restarted consumer gets its messages again within seconds. */
const consumerConfig = () => ({
	durable_name: DURABLE,
	ack_policy: AckPolicy.Explicit,
	ack_wait: nanos(5000),
	max_ack_pending: 1000,
});

/** Creates the stream and its consumer where they are missing; retries until the server has both. */
export async function ensureStream(link: Link): Promise<void> {
	for (;;) {
		try {
			await ensureOnce(link);
			return;
		} catch (error) {
			link.fail('ensure stream', error);
			await sleep(250);
		}
	}
}

async function ensureOnce({session, log}: Link): Promise<void> {
	const {jsm} = await session();
	try {
		await jsm.streams.info(STREAM);
	} catch (error) {
		if (apiCode(error) !== NO_STREAM) throw error;
		await jsm.streams.add(streamConfig());
		log('warn', 'stream created', {stream: STREAM});
	}
	try {
		await jsm.consumers.info(STREAM, DURABLE);
	} catch (error) {
		if (apiCode(error) !== NO_CONSUMER) throw error;
		await jsm.consumers.add(STREAM, consumerConfig());
		log('warn', 'consumer created', {stream: STREAM, consumer: DURABLE});
	}
}
