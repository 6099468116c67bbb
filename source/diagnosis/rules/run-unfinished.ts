import {own} from '../../state/record.ts';
import {isUnfinished, type RunState} from '../../state/run.ts';
import type {DeploymentState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** A run that was killed, or that ended without having started again what it stopped, and that no run has finished since. */
export const rule: Rule = {
	id: 'run-unfinished',
	title: 'A run was left unfinished',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning: 'A run was killed, or ended without having started again what it stopped.',
	evidence: 'which run, when, by whom, and what it left stopped',
	remedy: 'finish it (U)',
	check(state, _config, now) {
		const {run} = state;
		if (!run || !isUnfinished(run)) {
			return [];
		}
		const stopped = stillStopped(run, state);
		const {length: count} = stopped;
		if (run.result !== undefined && count === 0) {
			return [];
		}
		const left = count > 0 ? `services it stopped: ${stopped.join(', ')}` : 'it was not verified';
		const ended = run.result === undefined ? 'was killed' : `ended ${run.result}`;
		return [
			{
				id: 'run-unfinished',
				severity: 'critical',
				title: count > 0 ? `unfinished run, ${plural(count, 'service')} left stopped` : 'unfinished run',
				evidence: list(`${run.title} ${ended} ${ago(run.at, now)}`, left, `by ${run.user}`),
				runbook: 'resume',
				beganAt: run.at,
			},
		];
	},
};

/** Of what the run stopped, what nobody has started since. */
const stillStopped = ({stopped}: RunState, {services}: DeploymentState): string[] =>
	stopped.filter((service) => own(services, service)?.status !== 'running');
