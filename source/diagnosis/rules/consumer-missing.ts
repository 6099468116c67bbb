import {own} from '../../state/record.ts';
import {formatCount} from '../../text/count.ts';
import {meantConsumer} from '../meant-name.ts';
import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** The watched consumer is not among the consumers of its stream, which is there. */
export const rule: Rule = {
	id: 'consumer-missing',
	title: 'The consumer is missing',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The consumer that the runbooks watch is not among those of its stream: its state was damaged, or somebody deleted it. Its service reads nothing.',
	evidence: 'whether it was deleted by an API call, and up to where it had acknowledged',
	remedy:
		'recreate (C) creates it from its saved configuration, where it stopped, and removes nothing; if its name is mistyped, correct consumer in the configuration',
	avoid:
		'Run full recovery (F) for it, or make it by hand: the one purges what it had not been given yet, the other begins at the first message and gives everything out again, or at the next one and leaves out what waits.',
	worse: ['recover'],
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
		const meant = meantConsumer(state, config.stream, config.consumer);
		return [
			{
				id: `consumer-missing:${config.stream}/${config.consumer}`,
				severity: 'critical',
				title: `${config.consumer} is missing`,
				evidence: list(
					gone?.deletedAt === undefined
						? `not among the consumers of ${config.stream}`
						: `deleted by an API call ${ago(gone.deletedAt, now)}`,
					gone && `it had acknowledged up to ${formatCount(gone.ackFloorStreamSeq)}`,
					meant && `did you mean ${meant}?`,
				),
				...(meant === undefined
					? {runbook: 'recreate'}
					: {advice: `correct consumer in the configuration, or use --consumer=${meant}`}),
				beganAt: gone?.deletedAt ?? gone?.at,
			},
		];
	},
};
