import type {ObservationOf} from './observation.ts';
import {nextReading, type ReadingFacts, unreadBecause, wasRead} from './reading.ts';
import {own, put} from './record.ts';
import {share} from './share.ts';
import type {ConsumerState, DeploymentState, StreamState} from './types.ts';

type Readings = NonNullable<DeploymentState['readings']>;

/** The readings after a list or some figures were read, or were not. */
export const reduceReading = (
	readings: Readings | undefined,
	of: string,
	reading: ReadingFacts,
	at: number,
): Readings => put(readings ?? {}, of, nextReading(own(readings ?? {}, of), reading, at));

const container = 'container:';

/** The containers that could not be read; those of before that could be read now are taken out. */
export function reduceContainerReadings(
	readings: Readings | undefined,
	{unread = [], at}: ObservationOf<'containers'>,
): Readings {
	const before = Object.entries(readings ?? {}).filter(([key]) => !key.startsWith(container));
	const now = unread.map(({service, error}) => {
		const key = `${container}${service}`;
		return [key, nextReading(own(readings ?? {}, key), unreadBecause(error), at)] as const;
	});
	const list = nextReading(own(readings ?? {}, 'containers'), wasRead, at);
	return share(readings, Object.fromEntries([...before, ...now, ['containers', list]]));
}

/** The reading of a service's container, if it could not be read. */
export const containerReading = ({readings}: Pick<DeploymentState, 'readings'>, service: string) =>
	own(readings ?? {}, `${container}${service}`);

/** What was asked for by name is kept for so many names. */
const mostNamed = 500;

/** The state after the server answered about one stream or consumer, or did not. */
export function reduceNamed(
	state: DeploymentState,
	{stream, consumer, answer, error, at}: ObservationOf<'named'>,
): DeploymentState {
	const key = consumer === undefined ? stream : `${stream}/${consumer}`;
	const before = state.named ?? {};
	const known = own(before, key);
	const next = share(known, {
		at,
		since: known?.answer === answer ? known.since : at,
		answer,
		...(error !== undefined && {error}),
	});
	const others = Object.entries(before).filter(([name]) => name !== key);
	const kept = others.length < mostNamed ? others : others.slice(others.length - mostNamed + 1);
	return {...state, named: Object.fromEntries([...kept, [key, next]])};
}

/** The streams after the server could not be asked: all that is known of them is as it was. */
export function unreadStreams(
	streams: Record<string, StreamState>,
	reading: ReadingFacts,
	at: number,
): Record<string, StreamState> {
	return mapValues(streams, (stream) => unreadStream(stream, reading, at));
}

/** The stream, and its consumers, that could not be read. */
export function unreadStream(stream: StreamState, reading: ReadingFacts, at: number): StreamState {
	if (!stream.present && !stream.remembered) {
		return stream;
	}
	return share(stream, {
		...stream,
		reading: nextReading(stream.reading, reading, at),
		consumersReading: nextReading(stream.consumersReading, reading, at),
		consumers: unreadConsumers(stream.consumers, reading, at),
	});
}

/** The consumers that could not be read. */
export const unreadConsumers = (
	consumers: Record<string, ConsumerState>,
	reading: ReadingFacts,
	at: number,
): Record<string, ConsumerState> =>
	mapValues(consumers, (consumer) =>
		consumer.present || consumer.goneAt === undefined
			? share(consumer, {...consumer, reading: nextReading(consumer.reading, reading, at)})
			: consumer,
	);

function mapValues<T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> {
	let next = record;
	for (const [key, value] of Object.entries(record)) {
		const changed = change(value);
		if (changed !== value) {
			next = next === record ? {...record} : next;
			next[key] = changed;
		}
	}
	return next;
}
