import type {StreamState} from '../../state/types.ts';
import {formatCount} from '../../text/count.ts';
import {purgeRemedy} from '../purge-remedy.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {bytesOf, percentOf} from '../words.ts';

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
	evidence: 'bytes or messages and the limit, and what happens to publishers',
	remedy: 'purge (P); where the stream is sealed or denies purges, raise its limit',
	avoid: 'Restart the server: the stream is as full as before.',
	check(state, config) {
		return presentStreams(state, config)
			.filter((stream) => isFull(stream) && !isRing(stream))
			.map((stream) => ({
				id: `stream-full:${stream.name}`,
				severity: stream.discard === 'new' ? 'critical' : 'warning',
				title: `${stream.name} is full`,
				evidence: `${figures(stream)}, ${stream.discard === 'new' ? 'publishers are refused' : 'the oldest messages are dropped'}`,
				...purgeRemedy(stream, config),
			}));
	},
};

/**
Whether a stream stands at its limit by design: it drops its oldest messages, and no consumer still needs them. It
is reported once a consumer has yet to acknowledge what is dropped next.
*/
export const isRing = ({discard, firstSeq, consumers}: StreamState): boolean =>
	discard === 'old' &&
	Object.values(consumers).every(
		({present, lag, ackPending, ackFloorStreamSeq}) =>
			!present || (lag === 0 && ackPending === 0) || ackFloorStreamSeq > firstSeq,
	);

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
