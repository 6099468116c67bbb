import type {Impact, JournalEvent} from '../records/event.ts';
import {againText, mostLoss} from '../runbook/impact.ts';
import type {Plan} from '../runbook/planned.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatCount, plural} from '../text/count.ts';
import {formatElapsed, formatTimeOfDay} from '../text/duration.ts';
import {padEnd, padStart} from '../text/fit.ts';
import {sanitize} from '../text/sanitize.ts';

/** Where a plan would be run, and what says so. */
export type PlanPlace = {configuration: string; engine: string; nats: string};

/** A plan for a terminal without a screen. */
export function planText(plan: Plan, {configuration, engine, nats}: PlanPlace): string {
	const {impact} = plan;
	return [
		`Plan: ${plan.title}, on ${plan.deployment} at ${plan.host}${plan.production ? ' (PRODUCTION)' : ''}`,
		`  NATS ${nats}, engine ${engine}, configuration ${sanitize(configuration, 500)}`,
		...plan.steps.flatMap((step, index) => [
			`  ${index + 1}  ${padEnd(step.title, 40)} ${step.text}`,
			...(step.command === undefined ? [] : [`     $ ${step.command}`]),
		]),
		...(impact === undefined ? [] : impactText(impact)),
		...lossNotes(plan),
		...(plan.again === undefined ? [] : [againText(plan.again)]),
		...(plan.checks.length === 0 ? [] : ['Preflight, which changed nothing:']),
		...plan.checks.map(({name, ok, evidence}) => `  ${ok ? '✔' : '✖'} ${padEnd(name, 22)} ${evidence}`),
		...plan.blockers.map((blocker) => `It can't be run now: ${blocker}`),
	].join('\n');
}

/** What a purge would remove, and from whom. */
export function impactText({
	stream,
	messages,
	removedMessages,
	bytes,
	removedBytes,
	consumers,
}: Impact): string[] {
	return removedMessages === 0
		? [`Nothing to purge: ${stream} holds ${plural(messages, 'message')}, and none of them would go.`]
		: [
				`It removes ${formatCount(removedMessages)} of ${plural(messages, 'message')}, about ${formatBytes(removedBytes)} of ${formatBytes(bytes)}.`,
				...consumers.map(
					(loss) =>
						`  ${padEnd(loss.consumer, 30)} ${padStart(formatCount(loss.neverDelivered), 12)} never delivered go, ${padStart(formatCount(loss.unacknowledged), 8)} unacknowledged go`,
				),
			];
}

function lossNotes({impact, backup}: Plan): string[] {
	if (impact === undefined || impact.removedMessages === 0) {
		return [];
	}
	const where = backup ? 'They stay in the backup.' : 'There will be no backup: they are gone for good.';
	return impact.unprocessed === 0
		? [`Every message that goes has been processed by every consumer. ${where}`]
		: [
				`${plural(impact.unprocessed, 'message')} that a consumer has not processed will never be processed. ${where}`,
				`Where more than ${formatCount(mostLoss(impact.unprocessed))} would go when it comes to the purge, the run stops and asks again.`,
			];
}

/** A line of the journal for a terminal without a screen; undefined for what only a program wants to know. */
export function eventText(event: JournalEvent): string | undefined {
	const time = formatTimeOfDay(event.at);
	switch (event.event) {
		case 'started':
			return `${time}  ${event.title}, run ${event.run} by ${event.user} (${event.origin})`;
		case 'step':
			return event.status === 'running'
				? `${time}  … ${event.step}${event.command === undefined ? '' : `  $ ${event.command}`}`
				: `${time}  ${{done: '✔', failed: '✖', skipped: '·'}[event.status]} ${event.step}  ${event.text ?? ''}`;
		case 'check':
			return `${time}    ${event.ok ? '✔' : '✖'} ${event.name}: ${event.evidence}${event.next === undefined ? '' : `\n${' '.repeat(14)}→ ${event.next}`}`;
		case 'note':
			return `${time}    ${event.text}`;
		case 'lost':
			return `${time}    removed: ${event.text}`;
		case 'restored':
			return event.services.length === 0
				? undefined
				: `${time}    running again: ${event.services.join(', ')}`;
		case 'finished':
			return `${time}  ${event.result.toUpperCase()} after ${formatElapsed(event.elapsedMs)}${event.error ? `: ${event.error}` : ''}`;
		default:
			return undefined;
	}
}
