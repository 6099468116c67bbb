import {plural} from '../../text/count.ts';
import {type Checked, containerCount, remedyOf} from './checked.ts';

/** For a person: a line of all, then a line a finding, what follows from one under it. */
export function humanText({state, findings, status}: Checked): string {
	const {running, all} = containerCount(state);
	const streams = Object.values(state.streams).filter(({present}) => present);
	const lines = findings.map((finding) => {
		const remedy = remedyOf(finding);
		const indent = finding.cause === undefined ? '' : '  └ ';
		return `${indent}${finding.severity.toUpperCase()} ${finding.title}: ${finding.evidence}${remedy ? `  →  ${remedy}` : ''}`;
	});
	const summary = `${status.toUpperCase()} ${state.deployment}: ${running} of ${all} containers running, ${plural(streams.length, 'stream')}`;
	return `${[summary, ...lines].join('\n')}\n`;
}
