import {own} from '../../state/record.ts';
import {isByRun} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import type {Rule} from '../rule.ts';

/** The stream of the runbooks is sealed: whoever publishes to it is refused, for ever. */
export const rule: Rule = {
	id: 'stream-sealed',
	title: 'The stream is sealed',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'The stream of the runbooks is sealed: it refuses new messages (10109), and nothing can be purged or deleted from it. A seal can not be taken off.',
	evidence: 'its messages',
	remedy:
		'back it up (`jetmedic backup`), delete it, and create it anew from the backup without the seal (`jetmedic restore --as` shows what it held)',
	avoid: 'Purge: it is refused, and so is a full recovery.',
	worse: ['purge', 'recover'],
	check(state, config) {
		const stream = own(state.streams, config.stream);
		return !stream?.present || !stream.sealed || isByRun(state, stream.at)
			? []
			: [
					{
						id: `stream-sealed:${stream.name}`,
						severity: 'critical',
						title: `${stream.name} is sealed`,
						evidence: `publishers are refused, it keeps its ${plural(stream.messages, 'message')}`,
						advice: 'back it up and create it anew',
					},
				];
	},
};
