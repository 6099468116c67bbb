import {formatBytes} from '../../text/bytes.ts';
import {formatAge} from '../../text/duration.ts';
import {purgeRemedy} from '../purge-remedy.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {bytesOf} from '../words.ts';
import {isFull, isRing} from './stream-full.ts';

/** A rise that lasts so long is a trend and no burst. */
const trendMs = 30_000;

/** A stream that will be full soon at the rate of the last half minute. */
export const rule: Rule = {
	id: 'stream-filling',
	title: 'A stream will be full soon',
	severity: 'warning',
	section: 'If Storage Pressure',
	meaning:
		'The stream has been growing for half a minute, and at this rate it reaches max_bytes within the configured minutes. Then publishers are refused, or messages are dropped that a consumer has not seen.',
	evidence: 'bytes, the limit, the rate, and the time that is left',
	remedy: 'look at who publishes and who does not consume; purge (P) makes room',
	check(state, config) {
		return presentStreams(state, config).flatMap((stream) => {
			const {at, bytes, maxBytes, fillingSince} = stream;
			// The slower of both: a burst is no trend, and a trend that has ended is none.
			const bytesPerSecond = Math.min(stream.bytesPerSecond ?? 0, stream.bytesTrendPerSecond ?? 0);
			const leftMs = ((maxBytes - bytes) / bytesPerSecond) * 1000;
			const isTrend = at - (fillingSince ?? at) >= trendMs;
			if (!(maxBytes > 0 && bytesPerSecond > 0 && isTrend) || isFull(stream) || isRing(stream)) {
				return [];
			}
			if (!(leftMs <= config.thresholds.fullWithinMinutes * 60_000)) {
				return [];
			}
			return {
				id: `stream-filling:${stream.name}`,
				severity: 'warning' as const,
				title: `${stream.name} is full in ${formatAge(leftMs)} at this rate`,
				evidence: `${bytesOf(bytes, maxBytes)}, ${formatBytes(bytesPerSecond)}/s`,
				...purgeRemedy(stream, config),
			};
		});
	},
};
