import type {Records} from '../../records/records.ts';
import type {CheckResult} from '../../state/run.ts';

/** Whether the run can keep its journal, without which it does nothing. Never throws. */
export function checkRecords(records: Pick<Records, 'trouble' | 'fleeting'>): CheckResult {
	const name = 'the journal can be written';
	const trouble = records.trouble();
	return trouble === undefined
		? {name, ok: true, evidence: records.fleeting() ?? 'a test file was written and removed'}
		: {name, ok: false, evidence: `${trouble}. No run starts without its journal.`};
}
