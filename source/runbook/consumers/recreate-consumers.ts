import type {Clock} from '../../deployment/clock.ts';
import {
	type ConsumerInfo,
	ErrorCode,
	type JetStream,
	type JetStreamControl,
	JetStreamError,
	knowsReset,
	markOf,
	mayPublish,
	moveSubjects,
	withMark,
} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {SavedStream} from '../../records/saved-configs.ts';
import {formatCount, plural} from '../../text/count.ts';
import type {ReadContext} from '../context.ts';
import {type ConsumerStart, consumerStart, isMovable, startingAfter} from './consumer-start.ts';

type Context = Pick<ReadContext, 'deployment' | 'records'>;
type SavedConsumer = SavedStream['consumers'][string];

/** Until the files of a deleted consumer are gone. */
const clearedMs = 1000;

/** How long a consumer that is being moved stays paused where the run dies in between: until somebody moves it (C, or U). */
const pausedForMs = 24 * 3_600_000;

/** What may be done beside creating one that is missing. */
export type RecreateOptions = {
	/** One that is ahead of its stream is moved to the first message that there is: all of it is delivered. */
	movesBack?: boolean;
	/** Where the server can't move a consumer it may begin by a start sequence, so that a client with another deliver policy is refused. */
	mayChangePolicy?: boolean;
	/** Gets the name of each one that was created. */
	onCreated?: (name: string) => void;
};

/**
Creates those of the saved durable consumers that are not there, each where it stopped.

@returns A sentence each.
*/
export async function recreateConsumers(
	jetstream: JetStreamControl,
	context: Context,
	stream: string,
	consumers: SavedStream['consumers'],
	options: RecreateOptions = {},
): Promise<string[]> {
	const created: string[] = [];
	for (const [name, config] of Object.entries(consumers)) {
		const text = await recreateConsumer(jetstream, context, stream, name, config, options);
		if (text !== undefined) {
			created.push(text);
		}
	}
	return created;
}

/** Creates one where it is missing; moves one that a run has made and not moved yet, or that is ahead of its stream. */
async function recreateConsumer(
	jetstream: JetStreamControl,
	context: Context,
	stream: string,
	name: string,
	config: SavedConsumer,
	{movesBack, mayChangePolicy, onCreated}: RecreateOptions,
): Promise<string | undefined> {
	const there = await known(() => jetstream.consumer(stream, name));
	if (there) {
		const mark = markOf(there.config.metadata);
		if (mark !== undefined) {
			return move(jetstream, stream, name, config, mark);
		}
		return movesBack && (await aheadBy(jetstream, context.deployment.clock, stream, there)) > 0
			? moveBack(jetstream, context.deployment.clock, stream, there, config)
			: undefined;
	}
	const start = await startOf(jetstream, context, stream, name, config, mayChangePolicy);
	switch (start.how) {
		case 'configured':
			await jetstream.createConsumer(stream, config);
			break;
		case 'start-sequence':
			await jetstream.createConsumer(stream, startingAfter(config, start.after));
			break;
		case 'reset': {
			// Paused meanwhile: whoever waits for it would be given the first messages of the stream. Where it belongs stands in
			// itself, so that whoever finds it can move it.
			const until = new Date(context.deployment.clock.now() + pausedForMs).toISOString();
			await jetstream.createConsumer(stream, {...withMark(config, start.after), pause_until: until});
			await move(jetstream, stream, name, config, start.after);
		}
	}
	onCreated?.(name);
	return `${name} ${startWords(start)}`;
}

/**
Moves a consumer that is paused behind a sequence, lets it go on, and gives it its own configuration.

@throws StepError that says how it is left.
*/
async function move(
	jetstream: JetStreamControl,
	stream: string,
	name: string,
	config: SavedConsumer,
	after: number,
): Promise<string> {
	try {
		const {ack_floor: floor, paused} = await jetstream.consumer(stream, name);
		// One whose files were still there knows better than anybody where it stopped.
		if (floor.stream_seq < after) {
			await jetstream.resetConsumer(stream, name, after + 1);
		}
		if (paused) {
			await jetstream.resumeConsumer(stream, name);
		}
	} catch (error) {
		throw new StepError(
			`${name} was created and is paused; it could not be moved behind sequence ${formatCount(after)}: ${(error as Error).message}. Recreate it again (C) to move it.`,
			{cause: error},
		);
	}
	// Its own configuration, without the mark.
	await jetstream.createConsumer(stream, config);
	return `${name} ${goesOn(after)}`;
}

/**
By how many messages a consumer is beyond the end of its stream: the stream's numbers began anew, or it lost its last messages.
Both are read twice, the stream after the consumer: one that only keeps up is not ahead, and a new leader may not have applied
everything yet.
*/
export async function aheadBy(
	jetstream: JetStream,
	clock: Clock,
	stream: string,
	{name, ack_floor: floor}: ConsumerInfo,
): Promise<number> {
	const by = async (seq: number): Promise<number> =>
		Math.max(0, seq - (await jetstream.stream(stream)).state.last_seq);
	if ((await by(floor.stream_seq)) === 0) {
		return 0;
	}
	await clock.delay(againMs);
	return by((await jetstream.consumer(stream, name)).ack_floor.stream_seq);
}

const againMs = 500;

/** Nobody knows which of the messages it has processed: it is given all that there are. */
async function moveBack(
	jetstream: JetStreamControl,
	clock: Clock,
	stream: string,
	{name}: ConsumerInfo,
	config: SavedConsumer,
): Promise<string> {
	const {state, config: streamConfig} = await jetstream.stream(stream);
	const first = Math.max(1, state.first_seq);
	if (isMovable(config) && (await canMove(jetstream, stream, name))) {
		await jetstream.resetConsumer(stream, name, first);
	} else if ((streamConfig.retention ?? 'limits') === 'limits') {
		await jetstream.deleteConsumer(stream, name);
		// The server clears the files of the old one away a moment later, and with them those of a new one that is there already.
		await clock.delay(clearedMs);
		const isFromFirst = (config['deliver_policy'] ?? 'all') === 'all';
		await jetstream.createConsumer(stream, isFromFirst ? config : startingAfter(config, first - 1));
	} else {
		return `${name} is ahead of ${stream} and was left so: this server can't move it, and to delete it would remove what only it still wants`;
	}
	return `${name} was ahead of its stream and was moved to its first message: ${plural(state.messages, 'message')} to deliver`;
}

/** Where a consumer that is missing would begin now. @throws where the server does not answer. */
export async function startOf(
	jetstream: JetStream,
	{deployment, records}: Context,
	stream: string,
	consumer: string,
	config: SavedConsumer,
	mayChangePolicy = true,
): Promise<ConsumerStart> {
	const info = await jetstream.stream(stream);
	const {first_seq: firstSeq, last_seq: lastSeq, messages} = info.state;
	return consumerStart({
		config,
		retention: info.config.retention,
		messages,
		firstSeq,
		lastSeq,
		seen: records.lastSeen(stream, consumer, Date.parse(info.created), deployment.clock.now()),
		canReset: await canMove(jetstream, stream, consumer),
		mayChangePolicy,
	});
}

/**
Whether this server can move a consumer, and these credentials may. Every server that can says what they may do: one that does not
say it is taken not to allow it, for a consumer that is made and can't be moved is left paused.
*/
async function canMove(jetstream: JetStream, stream: string, consumer: string): Promise<boolean> {
	if (!knowsReset(jetstream.version)) {
		return false;
	}
	try {
		const permissions = await jetstream.permissions();
		return moveSubjects(stream, consumer).every((subject) => mayPublish(permissions, subject));
	} catch {
		return false;
	}
}

/** Where it begins, in words that follow its name. */
export function startWords(start: ConsumerStart): string {
	switch (start.how) {
		case 'reset':
			return list(goesOn(start.after), again(start));
		case 'start-sequence':
			return list(
				`${goesOn(start.after)}, by a start sequence in its configuration: a client that declares another deliver policy is refused (10012)`,
				again(start),
			);
		case 'configured':
			return list('begins as its configuration says', again(start));
	}
}

const goesOn = (after: number): string =>
	`goes on after sequence ${formatCount(after)}, up to where it was last seen to have acknowledged everything`;

const again = ({again: messages}: ConsumerStart): string =>
	messages === 0
		? ''
		: `nobody saw how far it came: up to ${plural(messages, 'message')} are delivered again, processed or not`;

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
