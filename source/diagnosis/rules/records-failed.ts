import {own} from '../../state/record.ts';
import type {Rule} from '../rule.ts';

/** The folder of the records can't be written: no run, no report, and an escalation that only this console knows of. */
export const rule: Rule = {
	id: 'records-failed',
	title: 'The records can not be written',
	severity: 'warning',
	section: 'Escalation',
	meaning: 'The folder of the records cannot be written: no run starts, and no report is made.',
	evidence: 'the error',
	remedy: 'mend the folder, or name another with --state-dir',
	check({sources}) {
		const records = own(sources, 'records');
		return records?.status !== 'down'
			? []
			: [
					{
						id: 'records-failed',
						severity: 'warning',
						title: 'Nothing can be recorded',
						evidence: records.error ?? '',
						advice: 'mend the folder, or name another with --state-dir: no run starts without it',
						beganAt: records.since,
					},
				];
	},
};
