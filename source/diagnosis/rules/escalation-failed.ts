import {escalationTargets, escalationTimes} from '../../config/escalation.ts';
import {formatAge} from '../../text/duration.ts';
import type {Rule} from '../rule.ts';

/** A process that has begun to send is done or gives up within this. */
const sendingMs = 120_000;

const advice = 'call the on-call lead yourself';

/** Somebody who should have got the report of the incident has not got it. */
export const rule: Rule = {
	id: 'escalation-failed',
	title: 'The escalation failed',
	severity: 'critical',
	section: 'Escalation',
	meaning: 'Somebody who should have got the report of the incident has not got it.',
	evidence: 'who, and why',
	remedy: 'call the on-call lead',
	check({incidentSince, escalation}, config, now) {
		if (incidentSince === undefined) {
			return [];
		}
		const id = 'escalation-failed';
		if (escalation?.failedAt !== undefined) {
			const {delivered, error = '', failedAt} = escalation;
			const isKnown = delivered.length > 0;
			return [
				{
					id,
					severity: isKnown ? 'warning' : 'critical',
					title: isKnown
						? `The escalation reached ${delivered.join(', ')} alone`
						: 'The escalation reached nobody',
					evidence: error,
					advice,
					beganAt: failedAt,
				},
			];
		}
		const dueAt = escalation?.dueAt ?? incidentSince + escalationTimes(config).afterMs;
		const isOver = escalation?.deliveredAt !== undefined || escalationTargets(config).length === 0;
		// A console or a run starts the process that sends; where there is none of them, nobody does.
		if (isOver || escalation?.alive || now - dueAt < sendingMs) {
			return [];
		}
		return [
			{
				id,
				severity: 'critical',
				title: 'The escalation is overdue',
				evidence: `nothing sends it, for ${formatAge(now - dueAt)}`,
				advice: `open a console, or ${advice}`,
				beganAt: dueAt,
			},
		];
	},
};
