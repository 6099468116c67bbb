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
		const left =
			run.stopped.length > 0
				? `services it stopped: ${run.stopped.join(', ')}`
				: 'it left no service stopped, but was not verified';
		return [
			{
				id: 'run-unfinished',
				severity: 'critical',
				title: `unfinished run: ${run.title}`,
				evidence: list(left, `killed ${ago(run.at, now)}`, `by ${run.user}`),
				runbook: 'resume',
				beganAt: run.at,
			},
		];
	},
};
