import {own} from './record.ts';
import type {DeploymentState, HistoryState, Series, StreamState} from './types.ts';

/** One sample a second for five minutes. */
export const sampleEveryMs = 1000;
export const maxSamples = 300;

const slot = (at: number): number => Math.floor(at / sampleEveryMs);

/**
The series with one more sample: it replaces the newest one of the same second, and the oldest ones beyond
`max` go. A sample that is older than the newest, or no number, changes nothing.

@param at - Milliseconds since the epoch.
*/
export function pushSample(series: Series, at: number, value: number, max = maxSamples): Series {
	const newest = series.at(-1);
	if (!Number.isFinite(at) || !Number.isFinite(value) || (newest && slot(at) < slot(newest.at))) {
		return series;
	}
	if (newest && slot(at) === slot(newest.at)) {
		return newest.value === value ? series : [...series.slice(0, -1), {at, value}];
	}
	return [...series.slice(Math.max(0, series.length + 1 - max)), {at, value}];
}

/** The history with what the streams are at one moment; see `DeploymentState.watched`. */
export function sampleStreams(
	history: HistoryState,
	streams: Record<string, StreamState>,
	watched: DeploymentState['watched'],
	at: number,
): HistoryState {
	const lag = pushLargest(history.lag, lags(streams, watched, at), at);
	const storage = pushLargest(history.storage, sizes(streams, watched), at);
	return lag === history.lag && storage === history.storage ? history : {lag, storage};
}

function pushLargest(series: Series, values: number[], at: number): Series {
	return values.length === 0 ? series : pushSample(series, at, Math.max(...values));
}

function* chosen(
	streams: Record<string, StreamState>,
	watched: DeploymentState['watched'],
): Generator<StreamState> {
	const named = watched && own(streams, watched.stream);
	for (const stream of watched ? (named ? [named] : []) : Object.values(streams)) {
		if (stream.present) {
			yield stream;
		}
	}
}

function sizes(streams: Record<string, StreamState>, watched: DeploymentState['watched']): number[] {
	return [...chosen(streams, watched)].map((stream) => stream.bytes);
}

function lags(
	streams: Record<string, StreamState>,
	watched: DeploymentState['watched'],
	at: number,
): number[] {
	return [...chosen(streams, watched)].flatMap((stream) => {
		const named = watched && own(stream.consumers, watched.consumer);
		const consumers = watched ? (named ? [named] : []) : Object.values(stream.consumers);
		// A consumer that was not read this time has no figure of this second.
		return consumers
			.filter((consumer) => consumer.present && consumer.at === at)
			.map((consumer) => consumer.lag);
	});
}
