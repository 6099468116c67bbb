import {own} from '../../state/record.ts';
import {plural} from '../../text/count.ts';
import {meantStream} from '../meant-name.ts';
import {natsAnswers, saidOf} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, forAge, list} from '../words.ts';

/** The server says that the stream of the runbooks is not there. */
export const rule: Rule = {
	id: 'stream-missing',
	title: 'The stream is missing',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The server reports that the stream of the runbooks does not exist (10059). Its files were damaged, or somebody deleted it. A list without it does not raise this finding.',
	evidence: 'when it was last seen, with how many messages',
	remedy:
		'full recovery (F) re-adopts its files on disk, or recreates it from its saved configuration; if its name is mistyped, correct stream in the configuration',
	avoid: 'Create it by hand with another configuration: then the messages on disk are not taken back.',
	check(state, config, now) {
		const stream = own(state.streams, config.stream);
		// One that no server answers for is there: see stream-offline.
		const isSilent = Object.hasOwn(state.nats.unanswered ?? {}, config.stream);
		// That a list lacks it says little: a list is cut, comes late, or is another server's.
		const isMissing = saidOf(state, config.stream) === 'missing';
		if (!natsAnswers(state) || !isMissing || isSilent || stream?.present) {
			return [];
		}
		const meant = stream === undefined ? meantStream(state, config.stream) : undefined;
		// Full recovery creates it from its saved configuration, and refuses without one.
		const isRecoverable =
			stream !== undefined || state.saved === undefined || own(state.saved, config.stream) !== undefined;
		return [
			{
				id: `stream-missing:${config.stream}`,
				severity: 'critical',
				title: `${config.stream} is missing`,
				evidence: list(
					stream?.deletedAt === undefined
						? `${config.nats.service} does not know it (10059)`
						: `deleted by an API call ${ago(stream.deletedAt, now)}`,
					stream && `last seen with ${plural(stream.messages, 'message')}`,
					stream && forAge(stream.at, now),
					meant && `did you mean ${meant}?`,
				),
				...(meant !== undefined
					? {advice: `correct stream in the configuration, or use --stream=${meant}`}
					: isRecoverable
						? {runbook: 'recover'}
						: {advice: 'check stream in the configuration: no configuration of it was ever saved here'}),
				beganAt: stream?.at,
			},
		];
	},
};
