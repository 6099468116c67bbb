import {isBlind} from '../../state/reading.ts';
import {formatCount} from '../../text/count.ts';
import {natsAnswers, newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** A durable consumer that was there, now or when the console last ran, and is not there any more. */
export const rule: Rule = {
	id: 'consumer-vanished',
	title: 'A consumer has vanished',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'A durable consumer that was there is not listed any more: its state was damaged, or somebody deleted it. Whoever reads by it reads nothing, or begins anew. The watched one has a finding of its own.',
	evidence:
		'when it was last seen, whether it was deleted by an API call, and up to where it had acknowledged',
	remedy:
		'nothing where it was meant; else let its service make it anew, or create it with a start sequence behind what it had acknowledged',
	avoid: 'Run full recovery (F) for it: that purges what the other consumers have not been given yet.',
	worse: ['recover'],
	check(state, config, now) {
		if (!natsAnswers(state)) {
			return [];
		}
		return presentStreams(state, config).flatMap((stream) => {
			const {consumersAt} = stream;
			if (consumersAt === undefined || consumersAt < state.nats.connection.since) {
				return [];
			}
			return Object.values(stream.consumers).flatMap((consumer) => {
				const {name, present, durable, at, deletedAt, reading} = consumer;
				const isWatched = stream.name === config.stream && name === config.consumer;
				const isOld = deletedAt !== undefined && now - deletedAt >= newsMs;
				if (present || isBlind(reading) || !durable || isWatched || isOld) {
					return [];
				}
				return {
					id: `consumer-vanished:${stream.name}/${name}`,
					severity: 'warning' as const,
					title: `${name} of ${stream.name} is gone`,
					evidence: list(
						deletedAt === undefined
							? `last seen ${ago(at, now)}`
							: `deleted by an API call ${ago(deletedAt, now)}`,
						`it had acknowledged up to ${formatCount(consumer.ackFloorStreamSeq)}`,
					),
					advice: 'create it anew, unless this was meant',
					beganAt: deletedAt ?? at,
				};
			});
		});
	},
};
