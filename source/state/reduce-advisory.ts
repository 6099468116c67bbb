import type {ObservationOf} from './observation.ts';
import {own, put} from './record.ts';
import type {ConsumerState, StreamState} from './types.ts';

/** How long messages that were given up are counted together. */
const countedForMs = 10 * 60_000;

/** The streams after the server told of one: only of what is known already. The next list tells the rest. */
export function reduceAdvisory(
	streams: Record<string, StreamState>,
	{advisory, at}: ObservationOf<'advisory'>,
): Record<string, StreamState> {
	const stream = own(streams, advisory.stream);
	if (stream === undefined) {
		return streams;
	}
	switch (advisory.kind) {
		case 'stream-deleted':
			return put(streams, stream.name, {...stream, deletedAt: at});
		case 'stream-updated':
			return put(streams, stream.name, {...stream, updatedAt: at});
		case 'stream-created':
			return put(streams, stream.name, {...stream, deletedAt: undefined});
		default: {
			const consumer = own(stream.consumers, advisory.consumer);
			if (consumer === undefined) {
				return streams;
			}
			const consumers = put(stream.consumers, consumer.name, told(consumer, advisory.kind, at));
			return put(streams, stream.name, {...stream, consumers});
		}
	}
}

function told(
	consumer: ConsumerState,
	kind: 'consumer-created' | 'consumer-deleted' | 'max-deliveries',
	at: number,
): ConsumerState {
	switch (kind) {
		case 'consumer-deleted':
			return {...consumer, deletedAt: at};
		case 'consumer-created':
			return {...consumer, deletedAt: undefined};
		case 'max-deliveries': {
			const {maxDeliveries} = consumer;
			const before = maxDeliveries && at - maxDeliveries.at < countedForMs ? maxDeliveries.messages : 0;
			return {...consumer, maxDeliveries: {at, messages: before + 1}};
		}
	}
}
