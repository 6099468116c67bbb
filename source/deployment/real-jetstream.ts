import {backupStream} from '../clients/nats/backup.ts';
import {connectNats, type NatsConnection} from '../clients/nats/connection.ts';
import {
	accountInfo,
	consumerInfo,
	readAllConsumers,
	readConsumers,
	readStreams,
	streamInfo,
} from '../clients/nats/jetstream.ts';
import {readPublishPermissions} from '../clients/nats/permissions.ts';
import {purgeStream} from '../clients/nats/purge.ts';
import {
	createConsumer,
	createStream,
	deleteConsumer,
	resetConsumer,
	resumeConsumer,
	updateStream,
} from '../clients/nats/recreate.ts';
import type {Config} from '../config/schema.ts';
import type {JetStream, JetStreamControl} from './jetstream.ts';

/** Connects to the configured server and answers what can be read through that connection. */
export const connectToRead = async (nats: Config['nats'], env: NodeJS.ProcessEnv): Promise<JetStream> =>
	reader(await connectNats(nats, env));

/** The same with what changes streams and consumers. Made only for a run. */
export async function connectToChange(
	nats: Config['nats'],
	env: NodeJS.ProcessEnv,
): Promise<JetStreamControl> {
	const connection = await connectNats(nats, env);
	return {
		...reader(connection),
		purge: (stream, keep) => purgeStream(connection, stream, keep),
		createStream: (config) => createStream(connection, config),
		updateStream: (config) => updateStream(connection, config),
		createConsumer: (stream, config) => createConsumer(connection, stream, config),
		deleteConsumer: (stream, consumer) => deleteConsumer(connection, stream, consumer),
		resetConsumer: (stream, consumer, nextSeq) => resetConsumer(connection, stream, consumer, nextSeq),
		resumeConsumer: (stream, consumer) => resumeConsumer(connection, stream, consumer),
	};
}

const reader = (connection: NatsConnection): JetStream => ({
	version: connection.info?.version,
	isClosed: () => connection.isClosed(),
	close: () => connection.close().catch(() => {}),
	account: (timeoutMs) => accountInfo(connection, timeoutMs),
	streams: (timeoutMs, max) => readStreams(connection, timeoutMs, max),
	stream: (name, timeoutMs) => streamInfo(connection, name, timeoutMs),
	// Without a bound it is all of them: what a purge takes from whom is not counted over some.
	consumers: (stream, timeoutMs, max) =>
		max === undefined
			? readAllConsumers(connection, stream, timeoutMs)
			: readConsumers(connection, stream, timeoutMs, max),
	consumer: (stream, name, timeoutMs) => consumerInfo(connection, stream, name, timeoutMs),
	permissions: (timeoutMs) => readPublishPermissions(connection, timeoutMs),
	backup: (stream, folder, options) => backupStream(connection, stream, folder, options),
});
