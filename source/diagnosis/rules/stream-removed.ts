import {isByRun} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago} from '../words.ts';

/** Messages went from a stream that none of its limits removes, and no run of a runbook did. */
export const rule: Rule = {
	id: 'stream-removed',
	title: 'A stream lost messages',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'Messages at the front of the stream went, and neither its limits nor a run of a runbook explain it: somebody purged it, or files of it were lost. Consumers jump over what is gone without a word.',
	evidence: 'how many, and when',
	remedy: 'ask who purged it; a backup may hold them (`jetmedic restore --as`)',
	avoid: 'Purge once more: what is gone does not come back by it.',
	worse: ['purge'],
	check(state, config, now) {
		return presentStreams(state, config).flatMap(({name, removed}) =>
			removed === undefined || now - removed.at >= newsMs || isByRun(state.run, removed.at)
				? []
				: {
						id: `stream-removed:${name}`,
						severity: 'warning' as const,
						title: `${name} lost ${plural(removed.messages, 'message')}`,
						evidence: `${ago(removed.at, now)}, its limits and jetmedic's runs do not explain it: purged by hand, or lost`,
						advice: 'ask who purged it, look for a backup',
						beganAt: removed.at,
					},
		);
	},
};
