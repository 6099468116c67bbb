import {plural} from '../text/count.ts';
import {formatElapsed} from '../text/duration.ts';
import {code, escapeText, table, utc} from './markdown.ts';
import {nextSteps, stillStopped} from './next.ts';
import {outcomeMeaning, outcomeOf} from './outcome.ts';
import {runSection} from './run-section.ts';
import {timeline} from './timeline.ts';
import type {ReportedRun, ReportFacts} from './types.ts';

/** An incident as Markdown: for an auditor who was not there, and for whoever takes over. Pure. */
export function reportMarkdown(facts: ReportFacts): string {
	const {deployment, host, at, version, incidentSince, runs} = facts;
	const last = runs.at(-1);
	const lines = [
		`# Incident report: ${escapeText(deployment)}`,
		'',
		...table(
			['', ''],
			[
				['deployment', escapeText(deployment)],
				['host', escapeText(host)],
				...(incidentSince === undefined
					? []
					: [['incident since', `${utc(incidentSince)} UTC, for ${formatElapsed(at - incidentSince)}`]]),
				[
					'runs',
					runs.map((run) => `${code(run.state.id)} **${outcomeOf(run).toUpperCase()}**`).join(', ') || 'none',
				],
				['written', `${utc(at)} UTC by jetmedic ${escapeText(version)}`],
			],
		),
		'',
		...(last === undefined ? ['No runbook was run.'] : runs.map((run) => `- ${inShort(run)}`)),
		'',
		'## Timeline',
		'',
		...timeline(facts),
		'',
		...runs.flatMap((run) => [...runSection(run), '']),
		...(last === undefined
			? []
			: [
					'## What is still stopped',
					'',
					...stillStopped(last),
					'',
					'## What to do next',
					'',
					...nextSteps(last).map((line) => `- ${line}`),
					'',
				]),
	];
	return lines.join('\n');
}

function inShort(run: ReportedRun): string {
	const {state, events} = run;
	const outcome = outcomeOf(run);
	const held = state.checks.filter(({ok}) => ok).length;
	const removed = events.flatMap((event) => (event.event === 'lost' ? [event.removed] : []));
	const count = removed.reduce<number>((sum, one) => sum + (one ?? 0), 0);
	return [
		`**${outcome.toUpperCase()}**: ${escapeText(state.user)} (${escapeText(state.origin)}) ran ${escapeText(state.title)} on ${utc(state.startedAt)} UTC; ${outcomeMeaning[outcome]}`,
		...(state.checks.length === 0 ? [] : [`${held} of ${plural(state.checks.length, 'check')} held`]),
		removed.length === 0
			? 'no message was removed'
			: removed.includes(undefined)
				? 'messages were removed'
				: `${plural(count, 'message')} removed`,
		...(state.stopped.length === 0
			? []
			: [`still stopped: ${state.stopped.map((name) => escapeText(name)).join(', ')}`]),
	].join('; ');
}
