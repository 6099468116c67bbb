import type {NatsConnection} from 'nats';
import {consumerInfo, ErrorCode, JetStreamError, streamInfo} from '../clients/nats/jetstream.ts';
import {mayPublish, readPublishPermissions} from '../clients/nats/permissions.ts';
import {
	createConsumer,
	knowsReset,
	moveSubjects,
	resetConsumer,
	resumeConsumer,
} from '../clients/nats/recreate.ts';
import type {ConsumerInfo} from '../clients/nats/schema.ts';
import {formatCount, plural} from '../text/count.ts';
import type {SavedStream} from './configs.ts';
import {type ConsumerStart, consumerStart, startingAfter} from './consumer-start.ts';
import {readMemory} from './memory.ts';
import type {Place} from './place.ts';

/** How long a consumer that is being moved stays paused at most, where the run dies in between. */
const pausedForMs = 10 * 60_000;

/**
Creates those of the saved durable consumers that are not there, each where it stopped.

@returns A sentence each.
*/
export async function recreateConsumers(
	connection: NatsConnection,
	place: Place,
	stream: string,
	consumers: SavedStream['consumers'],
): Promise<string[]> {
	const created: string[] = [];
	for (const [name, config] of Object.entries(consumers)) {
		const text = await recreateConsumer(connection, place, stream, name, config);
		if (text !== undefined) {
			created.push(text);
		}
	}
	return created;
}

/** Creates one, where it is not there. A killed run may have left it created and not moved: then it is moved. */
async function recreateConsumer(
	connection: NatsConnection,
	place: Place,
	stream: string,
	name: string,
	config: SavedStream['consumers'][string],
): Promise<string | undefined> {
	const there = await known(() => consumerInfo(connection, stream, name));
	if (there && !isHalfMade(there)) {
		return undefined;
	}
	const start = await startOf(connection, place, stream, name, config);
	if (start.how === 'configured') {
		await createConsumer(connection, stream, config);
	} else if (start.how === 'start-sequence') {
		await createConsumer(connection, stream, startingAfter(config, start.after));
	}
	if (start.how === 'reset') {
		// Paused meanwhile: whoever waits for it would be given the first messages of the stream.
		const until = new Date(Date.now() + pausedForMs).toISOString();
		await createConsumer(connection, stream, {...config, pause_until: until});
		// One whose files are still there knows better than anybody where it stopped.
		const {ack_floor: floor} = await consumerInfo(connection, stream, name);
		if (floor.stream_seq < start.after) {
			await resetConsumer(connection, stream, name, start.after + 1);
		}
	}
	if (there || start.how === 'reset') {
		await resumeConsumer(connection, stream, name);
	}
	return `${name} ${startWords(start)}`;
}

/** Paused for no longer than a run does it, and never gave out a message: a run was killed before it had moved it. */
const isHalfMade = ({config, paused, delivered}: ConsumerInfo): boolean =>
	paused && delivered.consumer_seq === 0 && Date.parse(config.pause_until ?? '') - Date.now() <= pausedForMs;

/** Where a consumer that is missing would begin now. @throws where the server does not answer. */
export async function startOf(
	connection: NatsConnection,
	place: Place,
	stream: string,
	consumer: string,
	config: SavedStream['consumers'][string],
): Promise<ConsumerStart> {
	const info = await streamInfo(connection, stream);
	const {first_seq: firstSeq, last_seq: lastSeq, messages} = info.state;
	const remembered = readMemory(place, Date.now()).streams.find(({name}) => name === stream);
	return consumerStart({
		config,
		retention: info.config.retention,
		messages,
		firstSeq,
		lastSeq,
		floor: remembered?.consumers[consumer]?.ackFloorStreamSeq,
		canReset: knowsReset(connection.info?.version) && (await mayMove(connection, stream, consumer)),
	});
}

/** A server that does not say what these credentials may do is taken to allow it. */
async function mayMove(connection: NatsConnection, stream: string, consumer: string): Promise<boolean> {
	try {
		const permissions = await readPublishPermissions(connection);
		return moveSubjects(stream, consumer).every((subject) => mayPublish(permissions, subject));
	} catch {
		return true;
	}
}

/** Where it begins, in words that follow its name. */
export function startWords(start: ConsumerStart): string {
	switch (start.how) {
		case 'reset':
			return `goes on after sequence ${formatCount(start.after)}, where it was last seen to have acknowledged everything`;
		case 'start-sequence':
			return `goes on after sequence ${formatCount(start.after)}, by a start sequence in its configuration: a client that declares another deliver policy is refused (10012)`;
		case 'configured':
			return start.again === 0
				? 'begins as its configuration says'
				: `begins as its configuration says, for nobody saw where it stopped: up to ${plural(start.again, 'message')} are delivered again, processed or not`;
	}
}

/** Whether the server knows what is asked for. @throws what is not an answer to that. */
export const isKnown = async (ask: () => Promise<unknown>): Promise<boolean> =>
	(await known(ask)) !== undefined;

async function known<T>(ask: () => Promise<T>): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		const missing: number[] = [ErrorCode.streamNotFound, ErrorCode.consumerNotFound];
		if (error instanceof JetStreamError && missing.includes(error.errCode)) {
			return undefined;
		}
		throw error;
	}
}
