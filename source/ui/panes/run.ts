import type {CheckResult, RunResult, RunState} from '../../state/run.ts';
import {isLive, wasKilled} from '../../state/run.ts';
import {formatElapsed, formatTimeOfDay} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {
	cyan,
	dim,
	fitLine,
	green,
	type Line,
	left,
	red,
	redBold,
	type Style,
	span,
	spread,
	wrap,
	yellow,
} from '../line.ts';
import type {Model} from '../model.ts';
import {title, windowOf} from '../widgets.ts';
import {stepRow, tick} from './run-steps.ts';

const results: Record<RunResult, {words: string; style: Style}> = {
	verified: {words: 'VERIFIED', style: {colour: 'green', bold: true}},
	unverified: {words: 'UNVERIFIED', style: {colour: 'yellow', bold: true}},
	failed: {words: 'FAILED', style: redBold},
	aborted: {words: 'ABORTED', style: {colour: 'yellow', bold: true}},
};

/** A run: its steps with their times, what was lost, what happens if it stops, and how it ended. */
export function runPane(run: RunState, model: Model, columns: number, maxHeight: number): Line[] {
	const now = model.snapshot.now;
	const after = [...sentences(run, columns), ...outcome(run, columns)];
	const roomy = maxHeight >= 1 + run.steps.length + 1 + after.length + 1;
	const checks = run.result === undefined ? [] : checkRows(run.checks, columns);
	const fixed = 1 + (roomy ? 1 : 0) + after.length;
	const stepRoom = Math.max(3, maxHeight - fixed);
	const current = run.steps.findIndex(({status}) => status === 'running' || status === 'failed');
	const {from, to} = windowOf(run.steps.length, current < 0 ? run.steps.length : current, stepRoom);
	const steps = run.steps.slice(from, to).map((step) => stepRow(step, run, now, columns));
	const room = maxHeight - fixed - steps.length;
	const shown =
		checks.length <= room
			? checks
			: [...checks.slice(0, Math.max(0, room - 1)), moreChecks(checks.length - room + 1)];
	return [
		runTitle(run, model.snapshot, columns),
		...steps,
		...(roomy ? [[]] : []),
		...after,
		...(room > 0 ? shown : []),
	].slice(0, maxHeight);
}

const moreChecks = (count: number): Line => [span(`   +${count} more, v to see`, dim)];

/** Everything that the journal has of the run, on the whole screen. */
export function runDetails(run: RunState, model: Model, columns: number, height: number): Line[] {
	const now = model.snapshot.now;
	const rows = [
		...run.steps.flatMap((step) => [
			stepRow({...step, text: '', command: undefined}, run, now, columns),
			...wrap(step.text, columns - 6).map((text): Line => [span(`    ${text}`)]),
			...(step.command ? [[span('    $ ', dim), span(step.command)]] : []),
		]),
		[],
		...sentences(run, columns),
		...outcome(run, columns),
		...checkRows(run.checks, columns),
	];
	const from = Math.max(0, Math.min(model.ui.scroll, rows.length - height + 1));
	return [
		runTitle(run, model.snapshot, columns),
		...rows.slice(from, from + height - 1).map((row) => fitLine(row, columns)),
	];
}

function runTitle(run: RunState, {now, state: {host}}: Model['snapshot'], columns: number): Line {
	const until = run.endedAt ?? (isLive(run) ? tick(now, run.startedAt) : run.at);
	const where = run.host === host ? '' : ` on ${run.host}`;
	const who = `by ${run.user}${where}${run.origin && run.origin !== 'local' ? `, ${run.origin}` : ''}`;
	return title(
		`RUN  ${run.title}   started ${formatTimeOfDay(run.startedAt)} ${who}   ${stopwatch(until - run.startedAt)}`,
		columns,
		true,
	);
}

function stopwatch(elapsedMs: number): string {
	const tenths = Math.max(0, Math.floor(elapsedMs / 100));
	const two = (n: number) => String(n).padStart(2, '0');
	return `${two(Math.floor(tenths / 600))}:${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
}

function sentences(run: RunState, columns: number): Line[] {
	const say = (name: string, text: string | undefined): Line[] =>
		text
			? wrap(`${name} ${text}`, columns - 1).map((row, index) => nameGrey(row, index === 0 ? name : ''))
			: [];
	return [
		...say('Note:', run.note),
		...say('What was lost:', run.lost),
		...(isLive(run) ? say('If it stops now:', run.ifStopped) : []),
	];
}

const nameGrey = (row: string, name: string): Line => [
	span(row.slice(0, name.length), dim),
	span(row.slice(name.length)),
];

function outcome(run: RunState, columns: number): Line[] {
	if (wasKilled(run)) {
		const stopped =
			run.stopped.length > 0
				? `services it stopped: ${run.stopped.join(', ')}`
				: 'it left no service stopped';
		return wrap(`This run was killed; ${stopped}. U finishes it.`, columns - 1).map(
			(row): Line => [span(row, redBold)],
		);
	}
	if (run.finishedBy !== undefined) {
		return wrap(`This run was killed; the run ${run.finishedBy} finished it.`, columns - 1).map(
			(row): Line => [span(row, dim)],
		);
	}
	if (run.result === undefined) {
		return [];
	}
	const {words, style} = results[run.result];
	const passed = run.checks.filter(({ok}) => ok).length;
	const counted = run.checks.length > 0 ? `  ${passed} of ${run.checks.length} checks` : '';
	const left = run.stopped.length > 0 ? `  still stopped: ${run.stopped.join(', ')}` : '';
	return [
		fitLine([span(words, style), span(counted), span(left, red)], columns),
		...(run.error
			? wrap(run.error, columns - 1).map((row): Line => [span(row, run.result === 'verified' ? yellow : red)])
			: []),
	];
}

/** The checks with their evidence, those that failed first. */
function checkRows(checks: CheckResult[], columns: number): Line[] {
	const names = Math.min(Math.floor(columns * 0.4), Math.max(0, ...checks.map(({name}) => width(name))));
	return [...checks]
		.sort((a, b) => Number(a.ok) - Number(b.ok))
		.flatMap((check) => [
			spread(
				[
					check.ok ? span('✔', green) : span('✖', redBold),
					span(' '),
					left(check.name, names),
					span('   '),
					span(check.evidence, check.ok ? dim : red),
				],
				check.ms === undefined ? [] : [span(`  ${formatElapsed(check.ms)}`, dim)],
				columns,
			),
			...(check.next === undefined ? [] : [fitLine([span('  → ', cyan), span(check.next)], columns)]),
		]);
}
