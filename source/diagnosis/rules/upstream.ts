import {formatCount} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {monitorDuration, monitorNumber} from '../monitor-metadata.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** A source is heard of at least each second or two, also when idle; the server itself stalls it after 10 s. */
const seenCriticalMs = 30_000;
const lagCritical = 1000;

/** A stream that copies from another one and does not keep up, or can not reach it. */
export const rule: Rule = {
	id: 'upstream',
	title: 'A mirror or source is behind',
	severity: 'critical',
	section: 'Detection',
	meaning:
		"The stream mirrors or sources another one and has not heard of it, or lags behind it. The limits are those of `nats server check stream`, from the stream's metadata (io.nats.monitor.lag-critical, seen-critical) where they are set.",
	evidence: 'how far it is behind, and when it was last heard of',
	remedy:
		'look at the other stream and the way to it: is it there, is its server up, may this account read it?',
	avoid: 'Purge the mirror: it can not be filled again from what the other one has dropped.',
	worse: ['purge', 'recover'],
	check(state, config) {
		return presentStreams(state, config).flatMap((stream) =>
			stream.upstreams.flatMap(({kind, name, lag, activeMs, error}) => {
				const seenMs = monitorDuration(stream.metadata, 'seen-critical') ?? seenCriticalMs;
				const most = monitorNumber(stream.metadata, 'lag-critical') ?? lagCritical;
				const isUnseen = activeMs === undefined || activeMs >= seenMs;
				if (error === undefined && !isUnseen && lag < most) {
					return [];
				}
				return {
					id: `upstream:${stream.name}/${name}`,
					severity: 'critical' as const,
					title:
						kind === 'mirror'
							? `The mirror ${stream.name} is behind ${name}`
							: `${stream.name} is behind its source ${name}`,
					evidence: list(
						lag > 0 && `${formatCount(lag)} behind`,
						activeMs === undefined
							? 'never heard of'
							: isUnseen && `last heard of ${formatAge(activeMs)} ago`,
						error,
					),
					advice: `look at ${name}`,
					// One that was made just now has not been heard of yet, and a burst is copied within seconds.
					...(error === undefined && {afterMs: isUnseen && activeMs !== undefined ? 0 : 15_000}),
				};
			}),
		);
	},
};
