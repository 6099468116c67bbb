import {isByRun} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago} from '../words.ts';

/** Messages between the first and the last one went: a block of the store was lost, or they were deleted one by one. */
export const rule: Rule = {
	id: 'stream-gaps',
	title: 'A stream has new gaps',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'The number of deleted messages (num_deleted) rose in a stream whose messages do not go one by one: a block of its store was lost or damaged, or somebody deleted messages. /healthz says ok.',
	evidence: 'how many messages, and when',
	remedy: 'nothing brings them back but a backup; look at the disk and at the log of the server',
	avoid: 'Purge: the rest of the stream is well.',
	check(state, config, now) {
		return presentStreams(state, config).flatMap(({name, gaps}) =>
			gaps === undefined || now - gaps.at >= newsMs || isByRun(state, gaps.at)
				? []
				: {
						id: `stream-gaps:${name}`,
						severity: 'warning' as const,
						title: `${name} has gaps`,
						evidence: `${plural(gaps.messages, 'message')} between the first and the last are gone, ${ago(gaps.at, now)}`,
						advice: 'look at the disk, and for a backup',
						beganAt: gaps.at,
					},
		);
	},
};
