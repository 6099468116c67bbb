import type {Config} from '../../config/schema.ts';
import type {DeploymentState, StreamState} from '../../state/types.ts';
import {formatCount, plural} from '../../text/count.ts';
import {purgeRemedy} from '../purge-remedy.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {readerOf} from '../service-remedy.ts';
import {bytesOf, list, percentOf} from '../words.ts';

/** Per cent of max_bytes from which a stream counts as full: the rest is less than what is published at once. */
const fullPercent = 99;

/**
A stream at its limit. With `discard: new` publishers are refused (503, 10077); with `discard: old` the oldest
messages make room, processed or not, but messages flow.
*/
export const rule: Rule = {
	id: 'stream-full',
	title: 'A stream is full',
	severity: 'critical',
	section: 'If Storage Pressure',
	meaning:
		'A stream stands at its limit. With discard new publishers are refused (10077); with discard old messages are dropped that a consumer has not acknowledged.',
	evidence: 'bytes or messages and the limit, and what happens to publishers, or who loses messages',
	remedy:
		'where publishers are refused: purge (P), or raise its limit where it is sealed or denies purges; where messages are dropped: look at who reads it, or raise its limit',
	avoid: 'Restart the server: the stream is as full as before.',
	check(state, config) {
		return presentStreams(state, config)
			.filter((stream) => isFull(stream) && !isRing(stream))
			.map((stream) => {
				const losers = stream.discard === 'old' ? losersOf(stream) : [];
				const isWatched = stream.name === config.stream && losers.includes(config.consumer);
				return {
					id: `stream-full:${stream.name}`,
					// What is dropped before the watched consumer has processed it is lost.
					severity: stream.discard === 'new' || isWatched ? 'critical' : 'warning',
					title: `${stream.name} is full`,
					evidence: list(figures(stream), effectOf(stream, losers)),
					// One that drops its oldest makes room by itself: a purge would only drop more of what is wanted.
					...(stream.discard === 'new'
						? purgeRemedy(stream, config)
						: {advice: adviceOf(losers, state, config)}),
				};
			});
	},
};

function effectOf({discard}: StreamState, losers: readonly string[]): string {
	if (discard === 'new') {
		return 'publishers are refused';
	}
	const [first, ...others] = losers;
	const who = `${first}${others.length > 0 ? ` and ${plural(others.length, 'other')}` : ''}`;
	return `${who} ${others.length > 0 ? 'lose' : 'loses'} what ${others.length > 0 ? 'they have' : 'it has'} not acknowledged`;
}

function adviceOf(losers: readonly string[], state: DeploymentState, config: Config): string {
	const [first] = losers;
	const reader = first === undefined ? 'who reads it' : readerOf(first, state, config);
	return `look at ${reader}, or raise its limit`;
}

/** The consumers that have yet to acknowledge what is dropped next. */
const losersOf = ({firstSeq, consumers}: StreamState): string[] =>
	Object.values(consumers)
		.filter(
			({present, lag, ackPending, ackFloorStreamSeq}) =>
				present && (lag > 0 || ackPending > 0) && ackFloorStreamSeq <= firstSeq,
		)
		.map(({name}) => name);

/**
Whether a stream stands at its limit by design: it drops its oldest messages, and no consumer still needs them. It
is reported once a consumer has yet to acknowledge what is dropped next.
*/
export const isRing = (stream: StreamState): boolean =>
	stream.discard === 'old' && losersOf(stream).length === 0;

/** Whether a stream takes no more messages without giving others up. */
export function isFull(stream: StreamState): boolean {
	const {bytes, maxBytes, messages} = stream;
	if (isOutOfMessages(stream)) {
		return true;
	}
	const typical = messages > 0 ? bytes / messages : 0;
	const doesNotFit = stream.discard === 'new' && maxBytes > 0 && messages > 0 && bytes + typical > maxBytes;
	return doesNotFit || percentOf(bytes, maxBytes) >= fullPercent;
}

const isOutOfMessages = ({messages, maxMessages}: StreamState): boolean =>
	maxMessages > 0 && messages >= maxMessages;

function figures(stream: StreamState): string {
	return isOutOfMessages(stream)
		? `${formatCount(stream.messages)} of ${formatCount(stream.maxMessages)} messages`
		: bytesOf(stream.bytes, stream.maxBytes);
}
