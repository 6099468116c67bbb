import {nodeServices} from '../../config/nodes.ts';
import {isLive} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {serviceOf, silentStreams} from '../nodes.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** A stream whose only server is away: it is listed as missing, and nobody answers for it. */
export const rule: Rule = {
	id: 'stream-offline',
	title: 'A stream is offline with its only server',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The only server that keeps the stream is away. The cluster knows the stream and nobody answers for it: publishing to it and reading from it fail. What it holds is on the disk of that server.',
	evidence: 'the server that kept it, what it held, for how long nobody has answered',
	remedy: 'start that server (R); give the stream three replicas where it must survive one',
	avoid: 'Delete, purge or recover it: its messages are on the server that is away, and come back with it.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		if (!natsAnswers(state)) {
			return [];
		}
		return silentStreams(state)
			.filter(({stream}) => (stream?.numReplicas ?? 1) === 1)
			.map(({name, stream, since}) => {
				const leader = stream?.cluster?.leader;
				const service = leader === undefined ? undefined : serviceOf(leader, state);
				return {
					id: `stream-offline:${name}`,
					severity: isLive(state.run) ? 'warning' : 'critical',
					title: `${name} is offline`,
					evidence: list(
						service === undefined ? 'no server answers for it' : `only ${service} keeps it`,
						stream?.present && `it held ${plural(stream.messages, 'message')}`,
						forAge(since, now),
					),
					...(service !== undefined && nodeServices(config).includes(service)
						? {runbook: 'restart'}
						: {advice: `start ${service ?? 'the server that keeps it'}`}),
					beganAt: since,
				};
			});
	},
};
