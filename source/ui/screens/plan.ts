import {doNot, madeWorseBy} from '../../diagnosis/rules.ts';
import {roots} from '../../diagnosis/status.ts';
import type {Impact} from '../../records/event.ts';
import {againText, mostLoss} from '../../runbook/impact.ts';
import type {Plan} from '../../runbook/planned.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatCount, plural} from '../../text/count.ts';
import {width} from '../../text/fit.ts';
import {
	bold,
	cyan,
	dim,
	exactly,
	fitLine,
	green,
	inverse,
	type Line,
	left,
	lineWidth,
	red,
	redBold,
	type Span,
	type Style,
	span,
	wrap,
	yellow,
} from '../line.ts';
import type {Model, PlanDialog} from '../model.ts';
import {offerOf} from '../runbooks.ts';
import {mark, title} from '../widgets.ts';

/** The dialog of a plan, on the whole screen: what it will do, what it removes and from whom, how to start it. */
export function planScreen(model: Model, columns: number, height: number): Line[] {
	const dialog = model.ui.plan;
	if (!dialog) {
		return exactly([], height);
	}
	const {plan} = dialog;
	const words = plan?.title ?? offerOf(dialog.runbook, model.config)?.words ?? dialog.runbook;
	const {deployment, host} = model.snapshot.state;
	const head = title(
		`${dialog.dryRun ? 'DRY RUN' : 'PLAN'}  ${words}   on ${plan?.deployment ?? deployment} at ${plan?.host ?? host}`,
		columns,
		true,
	);
	const ask = question(dialog, columns, model);
	// Whole texts where the screen is high enough for them, else a row a step; the preflight where there is room beside.
	const checks = plan ? [preflightRows(plan, columns, true), preflightRows(plan, columns, false), []] : [[]];
	for (const [wrapped, looked] of checks.flatMap((rows) => [[true, rows] as const, [false, rows] as const])) {
		const body = plan ? [...planBody(plan, dialog, columns, wrapped), ...looked] : [];
		const roomy = [[], head, [], ...body, ...(body.length > 0 ? [[]] : []), ...ask];
		if (roomy.length <= height) {
			return exactly(roomy, height);
		}
	}
	const body = plan ? planBody(plan, dialog, columns, false) : [];
	// The question is never cut: it says what goes and how to start.
	const tight = body.filter((line) => line.length > 0);
	const room = height - 1 - ask.length;
	const cut = tight.length > room ? [...tight.slice(0, room - 1), more(tight.length - room + 1)] : tight;
	return exactly([head, ...cut, ...ask], height);
}

const more = (rows: number): Line => [span(`   … ${plural(rows, 'more row')} on a higher screen`, yellow)];

function planBody(plan: Plan, dialog: PlanDialog, columns: number, wrapped: boolean): Line[] {
	const names = Math.min(
		Math.floor(columns * 0.34),
		Math.max(...plan.steps.map((step) => width(step.title))),
	);
	const steps = plan.steps.flatMap((step, index): Line[] => {
		const head: Line = [
			span(`${String(index + 1).padStart(3)}  `, dim),
			left(step.title, names, bold),
			span('   '),
		];
		const {command} = step;
		const blocks: {mark: Span[]; text: string}[] = [
			...(command === undefined || dialog.dryRun ? [{mark: [], text: step.text}] : []),
			...(command === undefined ? [] : [{mark: [span('$ ', dim)], text: command}]),
		];
		const rows = blocks.flatMap(({mark: sign, text}): Line[] => {
			const room = columns - lineWidth(head) - lineWidth(sign);
			const texts = wrapped ? wrap(text, room) : [text];
			return texts.map((part, row) => [
				...(row === 0 ? sign : [span(' '.repeat(lineWidth(sign)))]),
				span(part),
			]);
		});
		return rows.map((row, at) => [...(at === 0 ? head : [span(' '.repeat(lineWidth(head)))]), ...row]);
	});
	return [
		[span(dialog.dryRun ? 'It would' : 'It will', bold)],
		...steps.map((line) => fitLine(line, columns)),
		...(plan.impact ? [[], ...impactRows(plan.impact, columns)] : []),
	];
}

/** What was looked at: a row a check, or all of them in one. */
function preflightRows({checks}: Plan, columns: number, each: boolean): Line[] {
	const good = checks.filter(({ok}) => ok).length;
	const count = `  ${good} of ${plural(checks.length, 'check')}`;
	if (checks.length === 0) {
		return [];
	}
	if (!each) {
		const names = checks.map(({name}) => name).join(', ');
		return [[], fitLine([span('Preflight', bold), span(count), span(`  ${names}`, dim)], columns)];
	}
	const names = Math.max(...checks.map(({name}) => width(name)));
	return [
		[],
		[span('Preflight', bold), span(count)],
		...checks.map(({name, ok, evidence}) =>
			fitLine(
				[span('   '), mark(ok ? 'ok' : 'bad'), span(' '), left(name, names), span(`   ${evidence}`, dim)],
				columns,
			),
		),
	];
}

function impactRows(impact: Impact, columns: number): Line[] {
	const {stream, messages, removedMessages, bytes, removedBytes, consumers, unprocessed} = impact;
	const names = Math.min(
		Math.floor(columns * 0.4),
		Math.max(8, ...consumers.map(({consumer}) => width(consumer))) + 2,
	);
	const total = `${formatCount(removedMessages)} of ${plural(messages, 'message')}`;
	const size = bytesOf(removedBytes, bytes);
	const goes = (count: number) =>
		count > 0 ? left(`${formatCount(count)} go`, 18, redBold) : left('none', 18, green);
	if (removedMessages === 0) {
		return [[span('Nothing to purge', bold), span(`  ${stream} holds ${plural(messages, 'message')}`)]];
	}
	return [
		[span('It removes', bold), span(`  ${total}, ${size}`)],
		...(consumers.length > 0
			? [
					[],
					[
						span('   '),
						left('consumer', names, dim),
						left('never delivered', 18, dim),
						left('unacknowledged', 18, dim),
						left('keeps', 12, dim),
					],
				]
			: []),
		...consumers.map(
			(loss): Line => [
				span('   '),
				left(loss.consumer, names),
				goes(loss.neverDelivered),
				goes(loss.unacknowledged),
				left(loss.neverDelivered + loss.unacknowledged > 0 ? formatCount(loss.keeps) : 'all', 12),
			],
		),
		...(unprocessed > 0
			? [
					fitLine(
						[
							span(
								`   The run stops where more than ${formatCount(mostLoss(unprocessed))} unprocessed would go when it comes to the purge.`,
								dim,
							),
						],
						columns,
					),
				]
			: []),
	];
}

/** `63.9 of 64.0 MiB`: the unit once where it is the same. */
function bytesOf(part: number, whole: number): string {
	const [some = '', unit] = formatBytes(part, 1).split(' ');
	const all = formatBytes(whole, 1);
	return `${all.endsWith(` ${unit}`) ? some : `${some} ${unit}`} of ${all}`;
}

/** What is at stake, and what to do to start; or why nothing can be started. */
function question(dialog: PlanDialog, columns: number, model: Model): Line[] {
	const {plan, phase, typed, note} = dialog;
	const prose = (text: string, style = {}) => wrap(text, columns - 2).map((row): Line => [span(row, style)]);
	if (phase === 'failed') {
		return [...prose(dialog.error ?? 'It failed.', red), [], [span('Nothing was started.')]];
	}
	if (!plan || phase === 'reading') {
		return [[span('looking at the deployment…', dim)]];
	}
	if (plan.blockers.length > 0) {
		return [
			[span('It cannot run now', redBold)],
			...plan.blockers.flatMap((blocker) =>
				wrap(blocker, columns - 6).map(
					(row, index): Line => [span(' '), index === 0 ? mark('bad') : span(' '), span(` ${row}`)],
				),
			),
		];
	}
	if (dialog.dryRun) {
		return prose('This was read only: nothing was changed, and nothing can be started from here.', dim);
	}
	const stakes = [
		...warnings(dialog.runbook, model, columns),
		...(plan.impact ? stake(plan.impact, plan.backup, columns) : []),
		...(plan.again === undefined
			? []
			: wrap(againText(plan.again), columns).map((row): Line => [span(row, redBold)])),
	];
	const begin: Line[] =
		phase === 'starting'
			? [[span('starting…', cyan)]]
			: plan.confirmation.kind === 'key'
				? [
						[
							span('Press '),
							span(plan.confirmation.key, bold),
							span(' to start, esc to leave everything as it is.'),
						],
					]
				: [
						[
							span('Type '),
							span(plan.confirmation.text, bold),
							span(' and press enter to start, esc to leave everything as it is.'),
						],
						[],
						[span('❯ ', cyan), span(typed), span(' ', inverse)],
					];
	return [
		...stakes,
		...(stakes.length > 0 ? [[]] : []),
		...begin,
		...(note ? [[], [span(note, yellow)]] : []),
		...(model.readOnly ? [[span('This console is read-only.', red)]] : []),
	];
}

/** What is wrong now that this runbook would make worse. */
function warnings(runbook: string, {snapshot}: Model, columns: number): Line[] {
	return madeWorseBy(runbook, roots(snapshot.findings)).flatMap(({id, title: what}) =>
		wrap(`${what}. ${doNot(id)}`, columns - 4).map(
			(row, index): Line => [index === 0 ? mark('warn') : span(' '), span(` ${row}`, yellow)],
		),
	);
}

function stake({consumers, unprocessed, removedMessages}: Impact, backup: boolean, columns: number): Line[] {
	const lossOf = (loss: Impact['consumers'][number]) => loss.neverDelivered + loss.unacknowledged;
	const worst = [...consumers].sort((a, b) => lossOf(b) - lossOf(a))[0];
	const prose = (text: string, style?: Style) =>
		wrap(text, columns - 2).map((row): Line => [span(row, style)]);
	if (unprocessed > 0 && worst) {
		const loss = `${plural(unprocessed, 'message')} that ${worst.consumer} has not processed will not be processed.`;
		const kept: Line = backup
			? [span('They stay in the backup.')]
			: [span('WITHOUT A BACKUP they are gone for good.', redBold)];
		const whole: Line = [span(`${loss} `, redBold), ...kept];
		return lineWidth(whole) <= columns ? [whole] : [...prose(loss, redBold), kept];
	}
	return prose(
		removedMessages > 0
			? `Every consumer has processed what goes. It is ${backup ? 'backed up all the same' : 'not backed up'}.`
			: 'Nothing is removed.',
	);
}
