import {own} from '../../state/record.ts';
import {formatCount} from '../../text/count.ts';
import {meantConsumer} from '../meant-name.ts';
import {natsAnswers, saidOf} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** The server says that the watched consumer is not there, while its stream is. */
export const rule: Rule = {
	id: 'consumer-missing',
	title: 'The consumer is missing',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The server reports that the watched consumer does not exist (10014). Its state was damaged, or somebody deleted it. Its service receives nothing. A list without it does not raise this finding.',
	evidence: 'whether it was deleted by an API call, and up to where it had acknowledged',
	remedy:
		'recreate (C) creates it from its saved configuration, where it stopped, and removes nothing; if its name is mistyped, correct consumer in the configuration',
	avoid:
		'Run full recovery (F) for it, or make it by hand: the one purges what it had not been given yet, the other begins at the first message and gives everything out again, or at the next one and leaves out what waits.',
	worse: ['recover'],
	check(state, config, now) {
		const stream = own(state.streams, config.stream);
		const isMissing = saidOf(state, config.stream, config.consumer) === 'missing';
		if (!natsAnswers(state) || !stream?.present || !isMissing) {
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
						? `${config.stream} has no such consumer (10014)`
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
