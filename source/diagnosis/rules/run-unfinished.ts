import {plural} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** A run that was killed, and that no run has finished since. */
export const rule: Rule = {
	id: 'run-unfinished',
	title: 'A run was killed before its end',
	severity: 'critical',
	section: 'Immediate Actions',
	check({run}, _config, now) {
		if (!run || run.alive || run.result !== undefined) {
			return [];
		}
		const count = run.stopped.length;
		const left = count > 0 ? `services it stopped: ${run.stopped.join(', ')}` : 'it was not verified';
		return [
			{
				id: 'run-unfinished',
				severity: 'critical',
				title: count > 0 ? `unfinished run, ${plural(count, 'service')} left stopped` : 'unfinished run',
				evidence: list(`${run.title} was killed ${ago(run.at, now)}`, left, `by ${run.user}`),
				runbook: 'resume',
				beganAt: run.at,
			},
		];
	},
};
