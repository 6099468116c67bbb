import {isLive} from '../../state/run.ts';
import {silentMs} from '../nodes.ts';
import {natsAnswers, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** A consumer that no server answers for, for longer than an election takes, while its stream answers. */
export const rule: Rule = {
	id: 'consumer-leaderless',
	title: 'A consumer has no leader',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The stream answers and no server answers for one of its consumers: those that keep the consumer are away, or have no leader. It delivers nothing; its place in the stream is not lost.',
	evidence: 'its stream, for how long nobody has answered',
	remedy: 'start the servers that keep it; where all run, `nats consumer cluster step-down`, or restart (R)',
	avoid: 'Recreate it: a consumer that is made anew has forgotten what was acknowledged.',
	worse: ['recover'],
	check(state, config, now) {
		if (!natsAnswers(state)) {
			return [];
		}
		return presentStreams(state, config).flatMap((stream) =>
			Object.entries(stream.unansweredConsumers ?? {})
				.filter(([, since]) => (stream.consumersAt ?? 0) - since >= silentMs)
				.map(([name, since]) => {
					const isWatched = stream.name === config.stream && name === config.consumer;
					return {
						id: `consumer-leaderless:${stream.name}/${name}`,
						severity: isWatched && !isLive(state.run) ? ('critical' as const) : ('warning' as const),
						title: `${name} has no leader`,
						evidence: list(`no server answers for this consumer of ${stream.name}`, forAge(since, now)),
						advice: 'start the servers that keep it',
						beganAt: since,
					};
				}),
		);
	},
};
