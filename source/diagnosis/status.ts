import type {DeploymentState} from '../state/types.ts';
import type {Finding, Symptom} from './finding.ts';

/** How a deployment is as a whole. */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';

/** The findings that no other one explains: those that are counted. */
export function roots<T extends Symptom>(findings: readonly T[]): T[] {
	const ids = new Set(findings.map((finding) => finding.id));
	return findings.filter((finding) => finding.cause === undefined || !ids.has(finding.cause));
}

/** The findings about the deployment: that nobody could be told of an incident is no reason for it to go on. */
export function aboutDeployment<T extends Symptom>(findings: readonly T[]): T[] {
	return findings.filter(({id}) => id !== 'escalation-failed');
}

/** Whether an incident is over as far as the eye sees: nothing critical, and nothing unknown, which is not calm. */
export function isCalm(state: DeploymentState, findings: readonly Symptom[]): boolean {
	const own = aboutDeployment(findings);
	return countFindings(own).critical === 0 && overallStatus(state, own) !== 'unknown';
}

/** How many findings there are of each severity, without what is folded under another. */
export function countFindings(findings: readonly Symptom[]): Record<Finding['severity'], number> {
	const counts = {critical: 0, warning: 0, unknown: 0};
	for (const {severity} of roots(findings)) {
		counts[severity]++;
	}
	return counts;
}

/**
The status as a whole: the worst finding's, and `ok` only where nothing was found and every source works. What is
unknown is never ok.
*/
export function overallStatus(state: DeploymentState, findings: readonly Symptom[]): Status {
	const counts = countFindings(findings);
	if (counts.critical > 0) {
		return 'critical';
	}
	if (counts.warning > 0) {
		return 'warning';
	}
	const sources = Object.entries(state.sources).filter(([name]) => !name.startsWith('logs:'));
	const allWork = sources.length > 0 && sources.every(([, source]) => source.status === 'up');
	return counts.unknown === 0 && allWork ? 'ok' : 'unknown';
}
