import {own} from '../../state/record.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago} from '../words.ts';

/** The watched consumer is not among the consumers of its stream, which is there. */
export const rule: Rule = {
	id: 'consumer-missing',
	title: 'The consumer is missing',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The consumer that the runbooks watch is not among those of its stream: its state was damaged, or somebody deleted it. Its service reads nothing.',
	evidence: 'the stream that should have it',
	remedy: 'full recovery (F) recreates it from its saved configuration',
	check(state, config, now) {
		const stream = own(state.streams, config.stream);
		const isListed = stream?.consumersAt !== undefined && stream.consumersAt >= state.nats.connection.since;
		if (!natsAnswers(state) || !stream?.present || !isListed) {
			return [];
		}
		// One that no server answers for is there: see consumer-leaderless.
		const isSilent = Object.hasOwn(stream.unansweredConsumers ?? {}, config.consumer);
		const gone = own(stream.consumers, config.consumer);
		if (isSilent || gone?.present) {
			return [];
		}
		return [
			{
				id: `consumer-missing:${config.stream}/${config.consumer}`,
				severity: 'critical',
				title: `${config.consumer} is missing`,
				evidence:
					gone?.deletedAt === undefined
						? `not among the consumers of ${config.stream}`
						: `deleted by an API call ${ago(gone.deletedAt, now)}`,
				runbook: 'recover',
				beganAt: gone?.deletedAt ?? gone?.at,
			},
		];
	},
};
