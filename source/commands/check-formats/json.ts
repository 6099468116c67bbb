import {doNot} from '../../diagnosis/rules.ts';
import type {Checked} from './checked.ts';

/** For a program: one object in one line, with the whole state. */
export function jsonText({state, findings, status}: Checked): string {
	return `${JSON.stringify({
		deployment: state.deployment,
		at: new Date(state.at).toISOString(),
		status,
		findings: findings.map(({id, severity, title, evidence, sinceMs, runbook, advice, cause}) => ({
			id,
			severity,
			title,
			evidence,
			sinceMs,
			runbook: runbook ?? null,
			...(advice === undefined ? {} : {advice}),
			...(cause === undefined ? {} : {cause}),
			...avoidOf(id),
		})),
		state,
	})}\n`;
}

function avoidOf(id: string): {avoid?: string} {
	const avoid = doNot(id);
	return avoid === undefined ? {} : {avoid};
}
