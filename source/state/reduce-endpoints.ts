import type {ObservationOf} from './observation.ts';
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

function reduceEndpoint<T extends {name: string; status: string; since: number; at: number}>(
	endpoints: Record<string, T>,
	answer: Omit<T, 'since'>,
): Record<string, T> {
	const {name, status, at} = answer as Omit<T, 'since'> & {name: string; status: string; at: number};
	const previous = own(endpoints, name);
	const next = {...answer, since: previous?.status === status ? previous.since : at} as T;
	return put(endpoints, name, share(previous, next));
}
