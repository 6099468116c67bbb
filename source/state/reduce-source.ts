import type {ObservationOf} from './observation.ts';
import {own, put} from './record.ts';
import {share} from './share.ts';
import type {SourceState} from './types.ts';

/** The sources after one of them said whether it works; `since` moves only with the status. */
export function reduceSource(
	sources: Record<string, SourceState>,
	{source, status, error, reason, at}: ObservationOf<'source'>,
): Record<string, SourceState> {
	const previous = own(sources, source);
	const next: SourceState = {status, since: previous?.status === status ? previous.since : at};
	const lastUpAt = status === 'up' ? at : previous?.lastUpAt;
	if (lastUpAt !== undefined) {
		next.lastUpAt = lastUpAt;
	}
	if (status === 'down' && error !== undefined) {
		next.error = error;
	}
	if (status === 'down' && reason !== undefined) {
		next.reason = reason;
	}
	return put(sources, source, share(previous, next));
}
