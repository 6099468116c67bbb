import type {NatsConnection} from 'nats';
import {consumerInfo, ErrorCode, JetStreamError, streamInfo} from '../clients/nats/jetstream.ts';
import {mayPublish, readPublishPermissions} from '../clients/nats/permissions.ts';
import {
	createConsumer,
	deleteConsumer,
	knowsReset,
	moveSubjects,
	resetConsumer,
	resumeConsumer,
} from '../clients/nats/recreate.ts';
import type {ConsumerInfo} from '../clients/nats/schema.ts';
import {formatCount, plural} from '../text/count.ts';
import type {SavedStream} from './configs.ts';
import {type ConsumerStart, consumerStart, startingAfter} from './consumer-start.ts';
import {StepError} from './context.ts';
import {readMemory} from './memory.ts';
import type {Place} from './place.ts';
import {delay} from './wait.ts';

/** Until the files of a deleted consumer are gone. */
const clearedMs = 1000;

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

/**
Creates one, where it is not there. A killed run may have left it created and not moved: then it is moved. One that is ahead of its
stream is moved back.
*/
async function recreateConsumer(
	connection: NatsConnection,
	place: Place,
	stream: string,
	name: string,
	config: SavedStream['consumers'][string],
): Promise<string | undefined> {
	const there = await known(() => consumerInfo(connection, stream, name));
	if (there && (await aheadBy(connection, stream, there)) > 0) {
		return moveBack(connection, stream, there, config);
	}
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

/**
By how many messages a consumer is beyond the end of its stream: the stream's numbers began anew, and what comes next is taken
for delivered. The stream is read after it, so that one that only keeps up is not.
*/
export async function aheadBy(
	connection: NatsConnection,
	stream: string,
	{ack_floor: floor}: ConsumerInfo,
): Promise<number> {
	const {state} = await streamInfo(connection, stream);
	return Math.max(0, floor.stream_seq - state.last_seq);
}

/** All that the stream holds now has numbers of its new life: none of it was processed. */
async function moveBack(
	connection: NatsConnection,
	stream: string,
	{name}: ConsumerInfo,
	config: SavedStream['consumers'][string],
): Promise<string> {
	const {state, config: streamConfig} = await streamInfo(connection, stream);
	if (knowsReset(connection.info?.version) && (await mayMove(connection, stream, name))) {
		await resetConsumer(connection, stream, name, Math.max(1, state.first_seq));
	} else if ((streamConfig.retention ?? 'limits') === 'limits') {
		await deleteConsumer(connection, stream, name);
		// The server clears the files of the old one away a moment later, and with them those of a new one that is there already.
		await delay(clearedMs, new AbortController().signal);
		await createConsumer(connection, stream, config);
	} else {
		throw new StepError(
			`${name} is ahead of ${stream}, and this server can't move a consumer (before 2.14). To delete it would remove what only it still wants: publish until the sequences have caught up, or move the messages to a new stream.`,
		);
	}
	return `${name} was ahead of its stream and was moved to its first message: ${plural(state.messages, 'message')} to deliver`;
}

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
	const now = Date.now();
	const remembered = readMemory(place, now).streams.find(({name}) => name === stream)?.consumers[consumer];
	return consumerStart({
		config,
		retention: info.config.retention,
		messages,
		firstSeq,
		lastSeq,
		floor: remembered?.ackFloorStreamSeq,
		unseenMs: remembered ? (remembered.deletedAt ?? remembered.goneAt ?? now) - remembered.at : 0,
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
			return list(goesOn(start.after), again(start, 'nobody saw how far it came then'));
		case 'start-sequence':
			return list(
				`${goesOn(start.after)}, by a start sequence in its configuration: a client that declares another deliver policy is refused (10012)`,
				again(start, 'nobody saw how far it came then'),
			);
		case 'configured':
			return list('begins as its configuration says', again(start, 'nobody saw where it stopped'));
	}
}

const goesOn = (after: number): string =>
	`goes on after sequence ${formatCount(after)}, up to where it was last seen to have acknowledged everything`;

const again = (start: ConsumerStart, why: string): string =>
	start.again === 0
		? ''
		: `${why}: up to ${plural(start.again, 'message')} are delivered again, processed or not`;

const list = (...parts: string[]): string => parts.filter(Boolean).join('; ');

/** Whether the server knows what is asked for. @throws what is not an answer to that. */
export const isKnown = async (ask: () => Promise<unknown>): Promise<boolean> =>
	(await known(ask)) !== undefined;

/** What is asked for; undefined where the server does not know it. @throws what is not an answer to that. */
export async function known<T>(ask: () => Promise<T>): Promise<T | undefined> {
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
