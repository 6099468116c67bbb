import type {NatsConnection} from 'nats';
import {consumerInfo, ErrorCode, JetStreamError} from '../clients/nats/jetstream.ts';
import {createConsumer} from '../clients/nats/recreate.ts';

/** Creates those of the saved durable consumers that are not there. Answers their names. */
export async function recreateConsumers(
	connection: NatsConnection,
	stream: string,
	consumers: Record<string, Record<string, unknown>>,
): Promise<string[]> {
	const created: string[] = [];
	for (const [name, config] of Object.entries(consumers)) {
		if (!(await isKnown(() => consumerInfo(connection, stream, name)))) {
			await createConsumer(connection, stream, config);
			created.push(name);
		}
	}
	return created;
}

/** Whether the server knows what is asked for. @throws what is not an answer to that. */
export async function isKnown(ask: () => Promise<unknown>): Promise<boolean> {
	try {
		await ask();
		return true;
	} catch (error) {
		const missing: number[] = [ErrorCode.streamNotFound, ErrorCode.consumerNotFound];
		if (error instanceof JetStreamError && missing.includes(error.errCode)) {
			return false;
		}
		throw error;
	}
}
