import {formatRate} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** What is usual takes so long to learn. */
const learnedMs = 60_000;

/** So many messages must be missing by what is usual: of one an hour nobody knows whether it is late. */
const leastMissing = 30;

/** The longest pause seen so far may be so many times as long before it is news. */
const pauseFactor = 4;

/** A stream into which nothing is published although it was busy. */
export const rule: Rule = {
	id: 'stream-silent',
	title: 'A busy stream has fallen silent',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'Messages came all the time while the console watched, and for a while now none: whoever publishes is down, cut off or refused. The server and the consumers look well meanwhile.',
	evidence: 'for how long, and the rate that is usual',
	remedy: 'look at the services that publish',
	avoid: 'Restart the server: nobody who publishes comes back by it.',
	worse: ['restart', 'purge', 'recover'],
	check(state, config) {
		return presentStreams(state, config).flatMap(
			({name, at, usualPerSecond = 0, busySince, movedAt, longestQuietMs = 0}) => {
				if (busySince === undefined || movedAt === undefined || movedAt - busySince < learnedMs) {
					return [];
				}
				// Up to the last look, not to now: a stream that is not read any more is not silent by that.
				const quietMs = at - movedAt;
				const isLong = quietMs >= Math.max(config.thresholds.silentForMs, longestQuietMs * pauseFactor);
				if (!isLong || usualPerSecond * (quietMs / 1000) < leastMissing) {
					return [];
				}
				return {
					id: `stream-silent:${name}`,
					severity: 'warning' as const,
					title: `Nothing is published to ${name}`,
					evidence: `for ${formatAge(quietMs)}, usual is ${formatRate(usualPerSecond)}`,
					advice: 'look at the services that publish',
					beganAt: movedAt,
				};
			},
		);
	},
};
