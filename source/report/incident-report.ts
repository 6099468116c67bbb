import type {Config} from '../config/schema.ts';
import {readFindings} from '../records/finding-history.ts';
import {hideSecrets} from '../records/hide-secrets.ts';
import {readIncident} from '../records/incident.ts';
import type {Place} from '../records/place.ts';
import {readTransfers} from '../records/transfer-history.ts';
import {whoAmI} from '../records/who.ts';
import {version} from '../text/version.ts';
import {readRuns} from './recorded.ts';
import {reportMarkdown} from './report-markdown.ts';
import type {ReportedRun, ReportFacts} from './types.ts';

// Findings of a single run: what led to it, and whether it went.
const aroundMs = 15 * 60_000;
const maxRuns = 20;

/**
The current incident as Markdown: all runs since it began, and its findings. Where there is no incident, the newest
run. Reads records alone, and asks neither Docker nor NATS. Never throws: what can't be read is not in it.

@param config - For the deployment's name; without it, it is that of the records.
@param secrets - What must not be in it, if it leaves this machine; see `exactSecrets`. Records of before hold what was no secret then.
*/
export function incidentReport(
	place: Place,
	config?: Pick<Config, 'deployment'>,
	secrets: readonly RegExp[] = [],
): string {
	const since = readIncident(place);
	const all = readRuns(place, maxRuns);
	// A run starts the incident's clock just after its first line.
	const runs = since === undefined ? all.slice(-1) : all.filter(({state}) => state.startedAt >= since);
	return report(place, runs, since, config, secrets);
}

/** One run as Markdown, with what was found around it. */
export function runReport(place: Place, run: ReportedRun, config?: Pick<Config, 'deployment'>): string {
	return report(place, [run], undefined, config);
}

function report(
	place: Place,
	runs: ReportedRun[],
	incidentSince: number | undefined,
	config: Pick<Config, 'deployment'> | undefined,
	secrets: readonly RegExp[] = [],
): string {
	const last = runs.at(-1)?.state;
	const from = incidentSince ?? (last?.startedAt ?? Date.now()) - aroundMs;
	const to =
		incidentSince === undefined ? (last?.endedAt ?? Date.now()) + aroundMs : Number.POSITIVE_INFINITY;
	const facts: ReportFacts = {
		deployment: config?.deployment ?? last?.deployment ?? 'unknown',
		host: last?.host ?? whoAmI().host,
		at: Date.now(),
		version,
		incidentSince,
		runs,
		findings: readFindings(place, from).filter(({at}) => at <= to),
		transfers: readTransfers(place, from).filter(({at}) => at <= to),
	};
	// Before it is Markdown: a secret whose signs are escaped has another form.
	return reportMarkdown(secrets.length === 0 ? facts : hideSecrets(facts, secrets));
}
