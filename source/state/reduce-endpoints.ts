import type {ObservationOf} from './observation.ts';
import {nextReading, type Reading, unreadBecause, wasRead} from './reading.ts';
import {own, put} from './record.ts';
import {share} from './share.ts';
import type {HealthState, MetricsState} from './types.ts';

/** The health endpoints after one answered, or did not; `since` moves only with the status. */
export function reduceHealth(
	health: Record<string, HealthState>,
	{kind: _, ...answer}: ObservationOf<'health'>,
): Record<string, HealthState> {
	return reduceEndpoint(health, answer);
}

/** The metrics endpoints after one answered, or did not; `since` moves only with the status. */
export function reduceMetrics(
	metrics: Record<string, MetricsState>,
	{kind: _, ...answer}: ObservationOf<'metrics'>,
): Record<string, MetricsState> {
	const previous = own(metrics, answer.name);
	const isSame =
		previous?.lagMessages === answer.lagMessages && previous?.storageBytes === answer.storageBytes;
	const valueSince = previous && isSame ? previous.valueSince : answer.at;
	return reduceEndpoint(metrics, {...answer, valueSince});
}

type Endpoint = {
	name: string;
	status: string;
	detail: string;
	since: number;
	at: number;
	reading?: Reading;
};

function reduceEndpoint<T extends Endpoint>(
	endpoints: Record<string, T>,
	answer: Omit<T, 'since' | 'reading'>,
): Record<string, T> {
	const {name, status, detail, at} = answer as Omit<T, 'since' | 'reading'> & Endpoint;
	const previous = own(endpoints, name);
	const isRead = status !== 'unreachable' && status !== 'malformed';
	const next = {
		...answer,
		since: previous?.status === status ? previous.since : at,
		reading: nextReading(previous?.reading, isRead ? wasRead : unreadBecause(detail), at),
	} as T;
	return put(endpoints, name, share(previous, next));
}
