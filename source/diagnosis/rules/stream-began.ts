import {isByRun} from '../../state/run.ts';
import type {StreamState} from '../../state/types.ts';
import {formatCount} from '../../text/count.ts';
import type {Symptom} from '../finding.ts';
import {newsMs, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago} from '../words.ts';

type Began = NonNullable<StreamState['began']>;

function words(
	name: string,
	{at, from, to, anew}: Began,
	now: number,
): Pick<Symptom, 'title' | 'evidence' | 'advice'> {
	const ends = `from ${formatCount(from)} to ${formatCount(to)}, ${ago(at, now)}`;
	return anew
		? {
				title: `${name} was deleted and created again`,
				evidence: `its last sequence changed ${ends}, and it has another creation time`,
				advice: 'find out who created it, restore what is missing',
			}
		: {
				title: `The sequences of ${name} went back`,
				evidence: `${ends}: created again, or its files were lost`,
				advice: 'find out who created it again, restore what is missing',
			};
}

/** A stream whose sequences went back: its files were lost, or it was deleted and made anew. */
export const rule: Rule = {
	id: 'stream-began',
	title: 'The sequences of a stream went back',
	severity: 'warning',
	section: 'If Stream Corrupted',
	meaning:
		'The sequences of the stream went back: its messages were lost, or it was deleted and made anew. Consumers that are ahead of it now have a finding of their own.',
	evidence: 'the last sequence before and after, and when',
	remedy:
		'restore what was lost from a backup (`jetmedic restore --as`); recreate (C) where a consumer is ahead',
	check(state, config, now) {
		return presentStreams(state, config).flatMap(({name, began}) =>
			began === undefined || now - began.at >= newsMs || isByRun(state, began.at)
				? []
				: {
						id: `stream-began:${name}`,
						severity: 'warning' as const,
						...words(name, began, now),
						beganAt: began.at,
					},
		);
	},
};
