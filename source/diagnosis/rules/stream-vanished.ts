import {isBlind} from '../../state/reading.ts';
import {plural} from '../../text/count.ts';
import {natsAnswers, newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** A stream that was there, now or when the console last ran, and is not there any more. */
export const rule: Rule = {
	id: 'stream-vanished',
	title: 'A stream has vanished',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'A stream that was there is not listed any more: somebody deleted it, or its files were damaged and the server did not recover it. The stream of the runbooks has a finding of its own.',
	evidence:
		'when it was last seen, with how many messages, whether it was deleted by an API call, and who mirrors or sources it: then it is critical',
	remedy: 'nothing where it was meant; else restore it from a backup (`jetmedic restore`), or create it anew',
	check(state, config, now) {
		const {streams, streamsAt} = state;
		if (!natsAnswers(state) || streamsAt === undefined || streamsAt < state.nats.connection.since) {
			return [];
		}
		return Object.values(streams).flatMap(({name, present, at, messages, deletedAt, reading}) => {
			const isOld = deletedAt !== undefined && now - deletedAt >= newsMs;
			if (present || isBlind(reading) || name === config.stream || isOld) {
				return [];
			}
			const followers = presentStreams(state, config).filter(({upstreams}) =>
				upstreams.some((upstream) => upstream.name === name),
			);
			return {
				id: `stream-vanished:${name}`,
				severity: followers.length > 0 ? ('critical' as const) : ('warning' as const),
				title: `${name} is gone`,
				evidence: list(
					deletedAt === undefined
						? `last seen ${ago(at, now)}`
						: `deleted by an API call ${ago(deletedAt, now)}`,
					`with ${plural(messages, 'message')}`,
					followers.length > 0 && `${followers.map((stream) => stream.name).join(', ')} followed it`,
				),
				advice: 'restore it, unless this was meant',
				beganAt: deletedAt ?? at,
			};
		});
	},
};
