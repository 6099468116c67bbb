import {setTimeout as sleep} from 'node:timers/promises';
import {consumerConfig, streamConfig} from './configs.ts';
import {apiCode} from './errors.ts';
import type {Link} from './link.ts';
import {DURABLE, number, STREAM} from './settings.ts';
import {isOn} from './switches.ts';

const NO_STREAM = 10059;
const NO_CONSUMER = 10014;

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
		if (apiCode(error) !== NO_STREAM || isOn('create-nothing')) throw error;
		await jsm.streams.add(
			streamConfig(number('STREAM_REPLICAS', 1), number('STREAM_MAX_BYTES', 64 * 1024 * 1024)),
		);
		log('warn', 'stream created', {stream: STREAM});
	}
	try {
		await jsm.consumers.info(STREAM, DURABLE);
	} catch (error) {
		if (apiCode(error) !== NO_CONSUMER || isOn('create-nothing')) throw error;
		await jsm.consumers.add(STREAM, consumerConfig());
		log('warn', 'consumer created', {stream: STREAM, consumer: DURABLE});
	}
}
