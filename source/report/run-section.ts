import type {Confirmed, JournalEvent, Look} from '../records/event.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatCount, plural} from '../text/count.ts';
import {formatElapsed} from '../text/duration.ts';
import {commandLine} from '../text/shell-quote.ts';
import {beforeAfter} from './before-after.ts';
import {block, code, escapeText, table, utc} from './markdown.ts';
import {outcomeMeaning, outcomeOf} from './outcome.ts';
import {type ReportedRun, type Started, startedOf} from './types.ts';

/** A run: who, what it was to do, what it did, what its checks found, before and after, what was lost. */
export function runSection(run: ReportedRun): string[] {
	const {state, events} = run;
	const started = startedOf(run);
	return [
		`## Run: ${escapeText(state.title)}`,
		'',
		...header(run, started),
		'',
		...steps(run),
		'',
		'### Evidence',
		'',
		...evidence(run),
		'',
		'### Before and after',
		'',
		...beforeAfter(lookOf(events, 'before'), lookOf(events, 'after'), ownStream(started)),
		'',
		'### What was lost',
		'',
		...lost(events, started),
	];
}

const ownStream = (started: Started | undefined): string =>
	started?.where?.stream ?? started?.impact?.stream ?? '';

function lookOf(events: readonly JournalEvent[], when: 'before' | 'after'): Look | undefined {
	return events.findLast((event) => event.event === 'snapshot' && event.when === when) as Look | undefined;
}

function header(run: ReportedRun, started: Started | undefined): string[] {
	const {state, path, unread} = run;
	const outcome = outcomeOf(run);
	const where = started?.where;
	const took = state.endedAt === undefined ? '' : ` after ${formatElapsed(state.endedAt - state.startedAt)}`;
	return table(
		['', ''],
		[
			['result', `**${outcome.toUpperCase()}**${took}: ${outcomeMeaning[outcome]}`],
			...(state.error ? [['error', escapeText(state.error)]] : []),
			['run', code(state.id)],
			['started', `${utc(state.startedAt)} UTC`],
			['by', `${escapeText(state.user)}, ${escapeText(state.origin)}, on ${escapeText(state.host)}`],
			['confirmed', confirmation(started?.confirmed)],
			...(started?.resumes === undefined ? [] : [['finishes the run', code(started.resumes)]]),
			...(where === undefined
				? []
				: [
						['Docker engine', `${code(where.engine)}, project ${code(where.project)}`],
						['NATS', code(where.nats)],
						['stream, consumer', `${code(where.stream)}, ${code(where.consumer)}`],
					]),
			['jetmedic', escapeText(started?.version ?? 'unknown')],
			['journal', code(path)],
			...(unread > 0
				? [['not readable', `${plural(unread, 'line')} of the journal: torn, or of a newer version`]]
				: []),
		],
	);
}

function confirmation(confirmed: Confirmed | undefined): string {
	if (confirmed === undefined) {
		return 'unknown';
	}
	const how = {
		key: 'by a key, after the plan was shown',
		typed: 'by typing the name of the stream, after the plan was shown',
		'--yes': 'by `--yes` on the command line, without a look at the plan',
	}[confirmed.how];
	return confirmed.loss === undefined
		? how
		: `${how}, with ${plural(confirmed.loss, 'unprocessed message')} to lose`;
}

function steps({state}: ReportedRun): string[] {
	const commands = state.steps.flatMap(({command, status}) =>
		command === undefined || status === 'waiting' || status === 'skipped' ? [] : [command],
	);
	return [
		'### What was done',
		'',
		...table(
			['', 'step', 'status', 'took', 'what'],
			state.steps.map((step, index) => [
				String(index + 1),
				escapeText(step.title),
				step.status === 'waiting' ? 'not begun' : step.status,
				step.startedAt === undefined || step.endedAt === undefined
					? ''
					: formatElapsed(step.endedAt - step.startedAt),
				step.status === 'waiting' ? `would do: ${escapeText(step.text)}` : escapeText(step.text),
			]),
		),
		...(commands.length === 0 ? [] : ['', 'The equivalent commands, in order:', '', ...block(commands)]),
	];
}

function evidence({state, events}: ReportedRun): string[] {
	const preflight = events.findLast((event) => event.event === 'preflight');
	const row = (when: string, check: {name: string; ok: boolean; evidence: string}): string[] => [
		when,
		escapeText(check.name),
		check.ok ? 'holds' : '**does not hold**',
		escapeText(check.evidence),
	];
	const rows = [
		...(preflight?.checks ?? []).map((check) => row('before', check)),
		...state.checks.map((check) => row('after', check)),
	];
	return rows.length === 0
		? ['Nothing was checked: the run did not get that far.']
		: table(['', 'check', '', 'evidence'], rows);
}

function lost(events: readonly JournalEvent[], started: Started | undefined): string[] {
	const losses = events.filter((event) => event.event === 'lost');
	if (losses.length === 0) {
		const purge = events.findLast((event) => event.event === 'step' && event.step === 'purge');
		return [
			purge === undefined || (purge.event === 'step' && purge.status === 'skipped')
				? 'Nothing: no message was removed.'
				: 'The journal names no loss, but a purge was begun: read the stream before trusting that.',
		];
	}
	const impact = started?.impact;
	return [
		...losses.map(({text}) => `- ${escapeText(text)}`),
		...(impact === undefined || impact.removedMessages === 0
			? []
			: [
					'',
					`The plan, of ${utc(impact.at)} UTC, showed ${formatCount(impact.removedMessages)} of ${plural(impact.messages, 'message')} to go, about ${formatBytes(impact.removedBytes)}:`,
					'',
					...table(
						['consumer', 'never delivered, gone', 'unacknowledged, gone', 'stay for it'],
						impact.consumers.map(({consumer, neverDelivered, unacknowledged, keeps}) => [
							escapeText(consumer),
							formatCount(neverDelivered),
							formatCount(unacknowledged),
							formatCount(keeps),
						]),
					),
				]),
		...losses.flatMap(({backup}) => (backup === undefined ? [] : ['', ...restoring(backup)])),
	];
}

/** How to take a backup back. The server refuses to restore over a stream that is there: error 10130. */
function restoring(folder: string): string[] {
	return [
		`They are in the backup ${code(folder)}. Restore it with one of:`,
		'',
		...block([
			commandLine(['jetmedic', 'restore'], [folder]),
			commandLine(['nats', 'stream', 'restore'], [folder]),
		]),
		'',
		'The server refuses to restore over a stream that is there (error 10130): restore under another name, or remove the stream first.',
	];
}
