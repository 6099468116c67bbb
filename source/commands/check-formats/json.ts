import {doNot} from '../../diagnosis/rules.ts';
import {type Checked, unreadOf} from './checked.ts';

/** For a program: one object in one line, with the whole state. */
export function jsonText(checked: Checked): string {
	const {state, findings, status, config, source} = checked;
	return `${JSON.stringify({
		deployment: state.deployment,
		at: new Date(state.at).toISOString(),
		status,
		config: source,
		// What was looked at, by what makes it this one and no other; null for what could not be read.
		identity: {
			engine: state.engine?.id ?? null,
			project: config.docker.project,
			server: state.nats.server?.id ?? null,
		},
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
		unread: unreadOf(checked),
		state,
	})}\n`;
}

function avoidOf(id: string): {avoid?: string} {
	const avoid = doNot(id);
	return avoid === undefined ? {} : {avoid};
}
