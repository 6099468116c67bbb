import {isLive} from '../../state/run.ts';
import {electionMs, silentStreams} from '../nodes.ts';
import {natsAnswers, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** A stream of several replicas has no leader for longer than an election takes: nobody can write to it or read from it. */
export const rule: Rule = {
	id: 'stream-leaderless',
	title: 'A stream has no leader',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The servers that keep a stream have no leader for it, for longer than an election takes. Nobody can publish to it or read from it; what it holds is not lost.',
	evidence: 'how many replicas it should have, for how long nobody has answered',
	remedy:
		'start the servers that keep it; where all run, `nats stream cluster step-down`, or restart one of them by hand',
	avoid: 'Purge or recover: nobody can decide it, and a stream that is made anew is another one.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		if (!natsAnswers(state)) {
			return [];
		}
		const silent = silentStreams(state)
			.filter(({stream}) => (stream?.numReplicas ?? 1) > 1)
			.map(({name, stream, since}) => ({name, numReplicas: stream?.numReplicas, since}));
		const listed = presentStreams(state, config)
			.filter(
				({name, cluster, at}) =>
					cluster !== undefined &&
					cluster.leader === undefined &&
					!Object.hasOwn(state.nats.unanswered ?? {}, name) &&
					now - at < electionMs,
			)
			.filter(({cluster}) =>
				cluster!.replicas.every(({behindSince}) => now - (behindSince ?? now) >= electionMs),
			)
			.map(({name, numReplicas, at}) => ({name, numReplicas, since: at}));
		return [...silent, ...listed].map(({name, numReplicas, since}) => ({
			id: `stream-leaderless:${name}`,
			severity: isLive(state.run) ? 'warning' : 'critical',
			title: `${name} has no leader`,
			evidence: list(
				numReplicas !== undefined && `kept by ${numReplicas} servers`,
				`no leader answers for it ${forAge(since, now)}`,
			),
			advice: 'start the servers that keep it',
			beganAt: since,
		}));
	},
};
