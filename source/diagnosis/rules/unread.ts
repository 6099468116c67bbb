import type {DeploymentState} from '../../state/types.ts';
import {type BlindSpot, blindSpots, shareRead} from '../blind-spots.ts';
import type {Symptom} from '../finding.ts';
import {graceMs} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** What was looked for and not read, by its name: it is neither fine nor missing. */
export const rule: Rule = {
	id: 'unread',
	title: 'Something could not be read',
	severity: 'unknown',
	section: 'Detection',
	meaning:
		'The console asked for a stream, a consumer, a container or a figure. The answer was an error, was cut, or was not understood. The present state is unknown: neither healthy nor missing. No runbook is offered for it.',
	evidence: 'the error, the part of a list that was read, and the duration',
	remedy: 'fix the cause in the error; ask the server directly (`nats stream info`, `nats consumer info`)',
	avoid: 'Run a runbook because of it: the unknown part may be healthy.',
	check: (state, config, now) =>
		blindSpots(state, config)
			.filter((spot) => isDue(spot, state, now))
			.map((spot) => toSymptom(spot, now)),
};

/** What was read a moment ago may be read again at the next look; if there is none, it is told at once. */
const isDue = ({reading: {since, readAt}}: BlindSpot, {isOver}: DeploymentState, now: number): boolean =>
	isOver === true || readAt === undefined || now - since >= graceMs;

/** A blind spot as it is told. */
export function toSymptom({subject, what, reading}: BlindSpot, now: number): Symptom {
	const {status, since, error} = reading;
	return {
		id: `unread:${subject}`,
		severity: 'unknown',
		title: `${what} unknown`,
		evidence:
			list(
				shareRead(reading),
				error ?? (status === 'unread' && 'not looked at yet'),
				now - since >= 1000 && forAge(since, now),
			) || 'not read',
		beganAt: since,
	};
}
