import {createConnection} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect, type JetStreamManager, type NatsConnection} from 'nats';
import {LabError} from '../run.ts';

/** The names the runbook uses. */
export const STREAM = 'TITAN_INTENTS';
/** The durable consumer of titan-execution. */
export const DURABLE = 'execution-consumer';
/** Where the lab's NATS server listens. */
export const NATS_URL = 'nats://127.0.0.1:4222';

/** The figures of the stream and its consumer. */
export type StreamFigures = {
	messages: number;
	bytes: number;
	maxBytes: number;
	/** Never delivered. */
	lag: number;
	/** Delivered and not acknowledged. */
	ackPending: number;
	maxAckPending: number;
};

/**
 * Connects to the lab's NATS server for the time of `work`.
 * @throws LabError when the server does not answer within 2 s
 */
export async function withNats<T>(
	work: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
): Promise<T> {
	let nc: NatsConnection;
	try {
		await greeting();
		nc = await connect({servers: NATS_URL, name: 'jetmedic-lab', timeout: 2000, reconnect: false});
	} catch (error) {
		throw new LabError(
			`NATS on ${NATS_URL} does not answer (${(error as Error).message}): run "npm run lab -- mend".`,
		);
	}
	try {
		return await work(nc, await nc.jetstreamManager({timeout: 3000, checkAPI: false}));
	} finally {
		await nc.close();
	}
}

/** Waits for the server's first bytes: nats.js would leave the socket to a server that hangs open for good. */
function greeting(): Promise<void> {
	return new Promise((resolve, reject) => {
		const {hostname, port} = new URL(NATS_URL);
		const socket = createConnection({host: hostname, port: Number(port)});
		const end = (failure?: Error) => {
			clearTimeout(timer);
			socket.destroy();
			if (failure) reject(failure);
			else resolve();
		};
		const timer = setTimeout(() => end(new Error('it accepts connections and says nothing')), 2000);
		socket.on('data', () => end());
		socket.on('end', () => end(new Error('it closes the connection')));
		socket.on('error', end);
	});
}

/**
 * Waits until JetStream answers: after a start the server accepts connections before that.
 * @param timeoutMs milliseconds
 * @throws LabError with the last failure when it does not
 */
export async function waitJetStream(timeoutMs = 15_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		try {
			await withNats((_nc, jsm) => jsm.getAccountInfo());
			return;
		} catch (error) {
			if (Date.now() > deadline) {
				throw new LabError(`JetStream did not answer in ${timeoutMs / 1000} s: ${(error as Error).message}`);
			}
			await sleep(100);
		}
	}
}

/** Reads the figures. @throws when the stream or its consumer is missing or JetStream does not answer */
export async function streamFigures(jsm: JetStreamManager): Promise<StreamFigures> {
	const stream = await jsm.streams.info(STREAM);
	const consumer = await jsm.consumers.info(STREAM, DURABLE);
	return {
		messages: stream.state.messages,
		bytes: stream.state.bytes,
		maxBytes: stream.config.max_bytes,
		lag: consumer.num_pending,
		ackPending: consumer.num_ack_pending,
		maxAckPending: consumer.config.max_ack_pending ?? 0,
	};
}
