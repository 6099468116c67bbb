import type {DeploymentState} from '../state/types.ts';
import type {Finding, Symptom} from './finding.ts';

/** How a deployment is as a whole. */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';

/** The findings that no other one explains: those that are counted. */
export function roots<T extends Symptom>(findings: readonly T[]): T[] {
	const ids = new Set(findings.map((finding) => finding.id));
	return findings.filter((finding) => finding.cause === undefined || !ids.has(finding.cause));
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
