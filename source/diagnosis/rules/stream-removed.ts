import {isByRun} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago} from '../words.ts';

/** Messages went from a stream that none of its limits removes, and no run of a runbook did. */
export const rule: Rule = {
	id: 'stream-removed',
	title: 'Messages are gone from a stream',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'Messages at the front of the stream went, and neither its limits nor a run that this console knows explain it: somebody purged it, with another tool or another records folder, or files of it were lost. Consumers jump over what is gone without a word.',
	evidence: 'how many, and when',
	remedy: 'ask who purged it; a backup may hold them (`jetmedic restore --as`)',
	avoid: 'Purge once more: what is gone does not come back by it.',
	check(state, config, now) {
		return presentStreams(state, config).flatMap(({name, removed}) =>
			removed === undefined || now - removed.at >= newsMs || isByRun(state, removed.at)
				? []
				: {
						id: `stream-removed:${name}`,
						severity: 'warning' as const,
						title: `${plural(removed.messages, 'message')} of ${name} ${removed.messages === 1 ? 'is' : 'are'} gone`,
						evidence: `${ago(removed.at, now)}, no limit of it and no run known here explains that: purged, or lost`,
						advice: 'ask who purged it, look for a backup',
						beganAt: removed.at,
					},
		);
	},
};
