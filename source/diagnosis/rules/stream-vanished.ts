import {plural} from '../../text/count.ts';
import {natsAnswers, newsMs} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** A stream that was there, now or when the console last ran, and is not there any more. */
export const rule: Rule = {
	id: 'stream-vanished',
	title: 'A stream has vanished',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'A stream that was there is not listed any more: somebody deleted it, or its files were damaged and the server did not recover it. The stream of the runbooks has a finding of its own.',
	evidence: 'when it was last seen, with how many messages, and whether it was deleted by an API call',
	remedy: 'nothing where it was meant; else restore it from a backup (`jetmedic restore`), or create it anew',
	check(state, config, now) {
		const {streams, streamsAt} = state;
		if (!natsAnswers(state) || streamsAt === undefined || streamsAt < state.nats.connection.since) {
			return [];
		}
		return Object.values(streams).flatMap(({name, present, at, messages, deletedAt}) => {
			const isOld = deletedAt !== undefined && now - deletedAt >= newsMs;
			if (present || name === config.stream || isOld) {
				return [];
			}
			return {
				id: `stream-vanished:${name}`,
				severity: 'warning' as const,
				title: `${name} is gone`,
				evidence: list(
					deletedAt === undefined
						? `last seen ${ago(at, now)}`
						: `deleted by an API call ${ago(deletedAt, now)}`,
					`with ${plural(messages, 'message')}`,
				),
				advice: 'restore it, unless this was meant',
				beganAt: deletedAt ?? at,
			};
		});
	},
};
