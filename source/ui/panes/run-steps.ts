import type {RunState} from '../../state/run.ts';
import {isLive} from '../../state/run.ts';
import {formatElapsed} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {
	bold,
	cyan,
	dim,
	green,
	type Line,
	left,
	red,
	redBold,
	right,
	type Span,
	span,
	spread,
} from '../line.ts';
import {bar} from '../widgets.ts';

type Step = RunState['steps'][number];

/** Twice a second is enough to see that it lives, and costs little over a slow link. */
const tickMs = 500;
const spinner = ['⠋', '⠙', '⠹', '⠸'];

/** The time in steps of the spinner, counted from the start, so that it moves no more often than that. */
export const tick = (now: number, from: number): number =>
	from + Math.floor(Math.max(0, now - from) / tickMs) * tickMs;

/** A step of a run: its mark, its name, what it does or did, how far it is, how long it took. */
export function stepRow(step: Step, run: RunState, now: number, columns: number): Line {
	const names = Math.min(
		Math.floor(columns * 0.36),
		Math.max(...run.steps.map((other) => width(other.title))),
	);
	const waits = step.status === 'waiting' || step.status === 'skipped';
	const runs = step.status === 'running' && isLive(run);
	const titleStyle = waits ? dim : step.status === 'running' || step.status === 'failed' ? bold : undefined;
	return spread(
		[
			stepMark(step, runs, now),
			span(' '),
			left(step.title, names, titleStyle),
			span('   '),
			...stepText(step, runs),
		],
		[...(runs ? progress(step) : []), right(stepTime(step, run, now), 9, dim)],
		columns,
	);
}

function stepMark(step: Step, runs: boolean, now: number): Span {
	switch (step.status) {
		case 'done':
			return span('✔', green);
		case 'failed':
			return span('✖', redBold);
		case 'running':
			return runs
				? span(spinner[Math.floor(now / tickMs) % spinner.length] ?? '⠋', cyan)
				: span('✖', redBold);
		default:
			return span('·', dim);
	}
}

function stepText(step: Step, runs: boolean): Line {
	if (step.status === 'skipped') {
		return [span(step.text === '' ? 'skipped' : `skipped: ${step.text}`, dim)];
	}
	if (runs && step.progress) {
		return [span(step.progress)];
	}
	if (runs && step.command) {
		return [span(`$ ${step.command}`, dim)];
	}
	return [span(step.text, step.status === 'waiting' ? dim : step.status === 'failed' ? red : undefined)];
}

function progress({fraction}: Step): Line {
	if (fraction === undefined) {
		return [];
	}
	const percent = `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
	return [span('  '), ...bar(fraction, 16, cyan), right(percent, 6)];
}

function stepTime(step: Step, run: RunState, now: number): string {
	if (step.startedAt === undefined) {
		return '';
	}
	const until = step.endedAt ?? (isLive(run) ? tick(now, step.startedAt) : run.at);
	const elapsed = until - step.startedAt;
	// Ten milliseconds more or less say nothing here, and seconds stand under seconds.
	return elapsed < 60_000 ? `${(elapsed / 1000).toFixed(1)} s` : formatElapsed(elapsed);
}
