import type {JournalEvent} from '../records/event.ts';
import type {TransferNote} from '../records/transfer-history.ts';
import {formatElapsed} from '../text/duration.ts';
import {code, escapeText, table, utc} from './markdown.ts';
import type {ReportedRun, ReportFacts} from './types.ts';

type Row = {at: number; what: string; detail: string};

const maxRows = 400;

/** What happened when, findings, runs and what was done beside them in one table, oldest first. */
export function timeline({runs, findings, transfers, incidentSince}: ReportFacts): string[] {
	const rows: Row[] = [
		...(incidentSince === undefined
			? []
			: [{at: incidentSince, what: '**the incident began**', detail: 'the escalation clock started'}]),
		...findings.map(({at, change, severity, title, evidence}) => ({
			at,
			what: `finding ${change === 'went' ? 'gone' : `(${severity})`}: ${escapeText(title)}`,
			detail: change === 'went' ? '' : escapeText(evidence),
		})),
		...transfers.map(transferRow),
		...runs.flatMap(runRows),
	];
	// The sort is stable: of one moment, the order of the journal stands.
	rows.sort((a, b) => a.at - b.at);
	const shown = rows.slice(0, maxRows);
	return [
		...table(
			['time (UTC)', 'what', 'detail'],
			shown.map(({at, what, detail}) => [utc(at, true), what, detail]),
		),
		...(rows.length > shown.length ? ['', `${rows.length - shown.length} later rows are left out.`] : []),
	];
}

function transferRow({at, what, state, stream, folder, user, origin, text}: TransferNote): Row {
	const name = `**${what}** of ${escapeText(stream, 200)} ${state === 'begun' ? 'begins' : state}`;
	const by = `by ${escapeText(user)} (${escapeText(origin)}), ${code(folder)}`;
	return {at, what: name, detail: state === 'begun' ? by : escapeText(text ?? '')};
}

function runRows({events}: ReportedRun): Row[] {
	const began = new Map<string, number>();
	return events.flatMap((event) => {
		if (event.event === 'step' && event.status === 'running') {
			began.set(event.step, event.at);
		}
		const row = rowOf(event, began);
		return row === undefined ? [] : [{at: event.at, ...row}];
	});
}

function rowOf(event: JournalEvent, began: Map<string, number>): Omit<Row, 'at'> | undefined {
	switch (event.event) {
		case 'started':
			return {
				what: `**run started**: ${escapeText(event.title)}`,
				detail: `by ${escapeText(event.user)} (${escapeText(event.origin)}), ${code(event.run)}`,
			};
		case 'step': {
			const name = `step ${code(event.step)}`;
			if (event.status === 'running') {
				return {what: `${name} begins`, detail: event.command === undefined ? '' : code(event.command)};
			}
			const since = began.get(event.step);
			const took = since === undefined ? '' : ` after ${formatElapsed(event.at - since)}`;
			return {what: `${name} ${event.status}${took}`, detail: escapeText(event.text ?? '')};
		}
		case 'stopping':
			return {what: 'services are being stopped', detail: names(event.services)};
		case 'restored':
			return event.services.length === 0
				? undefined
				: {what: 'services run again', detail: names(event.services)};
		case 'lost':
			return {what: '**messages removed**', detail: escapeText(event.text)};
		case 'note':
			return {what: 'note', detail: escapeText(event.text)};
		case 'aborting':
			return {what: '**the run is being aborted**', detail: escapeText(event.reason)};
		case 'finished':
			return {
				what: `**run ended: ${event.result.toUpperCase()}** after ${formatElapsed(event.elapsedMs)}`,
				detail: escapeText(event.error ?? ''),
			};
		default:
			return undefined;
	}
}

const names = (services: string[]): string => services.map((service) => escapeText(service, 100)).join(', ');
