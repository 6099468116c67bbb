import type {DeploymentState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {type Checked, containerCount, remedyOf, untold} from './checked.ts';

/** For a person: a line of all, then a line a finding, what follows from one under it. */
export function humanText(checked: Checked): string {
	const {state, findings, status} = checked;
	const {running, all} = containerCount(state);
	const streams = Object.values(state.streams).filter(({present}) => present);
	const lines = findings.map((finding) => {
		const remedy = remedyOf(finding);
		const indent = finding.cause === undefined ? '' : '  └ ';
		return `${indent}${finding.severity.toUpperCase()} ${finding.title}: ${finding.evidence}${remedy ? `  →  ${remedy}` : ''}`;
	});
	const summary = `${status.toUpperCase()} ${state.deployment}: ${running} of ${all} containers running, ${streamCount(state, streams.length)}`;
	return `${[summary, ...lines, ...untold(checked)].join('\n')}\n`;
}

/** How many streams there are: what was not listed is not none, and a list that was cut has more. */
function streamCount({readings = {}, streamsAt}: DeploymentState, count: number): string {
	const {status, total} = readings['streams'] ?? {status: 'unread'};
	if (status === 'part' && total !== undefined) {
		return `${count} of ${plural(total, 'stream')}`;
	}
	return status === 'read' || streamsAt !== undefined ? plural(count, 'stream') : 'streams unknown';
}
