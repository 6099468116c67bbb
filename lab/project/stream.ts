import {createConnection} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {type ConnectionOptions, connect, type JetStreamManager, type NatsConnection} from 'nats';
import type {Place} from '../place.ts';
import {LabError} from '../run.ts';
import {DURABLE, STREAM} from '../services/settings.ts';
import {natsUrl, type Server, serversOf} from './topology.ts';

export {DURABLE, STREAM};

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
 * Connects to the first of the lab's NATS servers that answers, for the time of `work`.
 * @throws LabError when none answers within 2 s
 */
export async function withNats<T>(
	place: Place,
	work: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
): Promise<T> {
	let failure: unknown;
	for (const server of serversOf(place)) {
		let nc: NatsConnection;
		try {
			nc = await connectTo(server);
		} catch (error) {
			failure = error;
			continue;
		}
		return withConnection(nc, work);
	}
	throw new LabError(
		`NATS on ${natsUrl(place)} does not answer (${(failure as Error).message}): run "npm run lab -- mend".`,
	);
}

/** Runs `work` on a connection and closes it. */
async function withConnection<T>(
	nc: NatsConnection,
	work: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
): Promise<T> {
	try {
		return await work(nc, await nc.jetstreamManager({timeout: 3000, checkAPI: false}));
	} finally {
		await nc.close();
	}
}

/** Connects to one server. @throws when it does not answer within 2 s */
export async function connectTo({port}: Server, options: ConnectionOptions = {}): Promise<NatsConnection> {
	await greeting(port);
	return connect({
		servers: `127.0.0.1:${port}`,
		name: 'jetmedic-lab',
		timeout: 2000,
		reconnect: false,
		ignoreClusterUpdates: true,
		...options,
	});
}

/** Waits for the server's first bytes: nats.js would leave the socket to a server that hangs open for good. */
function greeting(port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = createConnection({host: '127.0.0.1', port});
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
export async function waitJetStream(place: Place, timeoutMs = 15_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		try {
			await withNats(place, (_nc, jsm) => jsm.getAccountInfo());
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
