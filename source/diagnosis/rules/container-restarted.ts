import {isByRun} from '../../state/run.ts';
import type {Rule} from '../rule.ts';
import {ago, list} from '../words.ts';

/** How long a restart is told of: a fault that mended itself is gone before anybody looks. */
const toldForMs = 60_000;

/** A container that was started anew while the console watched, and not by a run of a runbook. */
export const rule: Rule = {
	id: 'container-restarted',
	title: 'A container was restarted',
	severity: 'warning',
	section: 'Immediate Actions',
	meaning:
		'A container ended and was started anew, and not by a run of a runbook. It may be well again, and its log says why it ended.',
	evidence: 'when, the exit code, how often',
	remedy: 'read its log; the finding goes after a minute',
	check(state, _config, now) {
		return Object.values(state.services).flatMap(({service, status, restartedAt, lastExit, restarts}) => {
			const isNews = status === 'running' && restartedAt !== undefined && now - restartedAt < toldForMs;
			if (!isNews || isByRun(state, restartedAt)) {
				return [];
			}
			const code = lastExit && `exit ${lastExit.exitCode}${lastExit.oomKilled ? ' (out of memory)' : ''}`;
			return {
				id: `container-restarted:${service}`,
				severity: 'warning' as const,
				title: `${service} was restarted`,
				evidence: list(ago(restartedAt, now), code, restarts > 1 && `${restarts} restarts`),
				advice: `read the log of ${service}`,
				beganAt: restartedAt,
			};
		});
	},
};
