import {escalationTargets, escalationTimes} from '../config/escalation.ts';
import type {Config} from '../config/schema.ts';
import type {EscalationState} from '../state/types.ts';
import {formatClock, formatTimeOfDay} from '../text/duration.ts';
import {bold, dim, type Line, red, redBold, span, yellow} from './line.ts';

/** From when on a report that is due and not sent is one that nobody sends, milliseconds. */
const dueSoonMs = 120_000;

/** The incident's clock in the header: how long is left, or what became of the escalation. */
export function escalationClock(
	since: number,
	escalation: EscalationState | undefined,
	config: Config,
	now: number,
): Line {
	if (escalation?.failedAt !== undefined) {
		return [span('ESCALATION FAILED: ', redBold), span(escalation.error ?? '', red)];
	}
	if (escalation?.deliveredAt !== undefined) {
		const at = formatTimeOfDay(escalation.deliveredAt).slice(0, 5);
		return [span(`escalated ${at} to `, red), span(escalation.delivered.join(', '), red)];
	}
	const {afterMs, warnMs} = escalationTimes(config);
	const left = since + afterMs - now;
	if (left >= 0) {
		const isLate = now - since >= warnMs;
		return isLate
			? [span('escalates soon, in ', yellow), span(formatClock(left), {...yellow, bold: true})]
			: [span('escalates in ', dim), span(formatClock(left), bold)];
	}
	const to = escalationTargets(config).map(({name}) => name);
	if (to.length > 0 && (escalation?.alive || -left < dueSoonMs)) {
		return escalation?.error === undefined
			? [span('escalating to ', red), span(to.join(', '), red)]
			: [span('escalating again: ', redBold), span(escalation.error, red)];
	}
	return [span('escalate now, ', redBold), span(`${formatClock(-left)} over`, red)];
}
