import type {Config} from '../config/schema.ts';
import type {Finding} from '../diagnosis/finding.ts';
import {hideText} from '../records/hide-secrets.ts';
import type {Place} from '../records/place.ts';
import {incidentReport} from '../report/incident-report.ts';
import {code, escapeText} from '../report/markdown.ts';
import type {RunState} from '../state/run.ts';
import {plural} from '../text/count.ts';
import {formatAge} from '../text/duration.ts';
import {shellLine} from '../text/shell-quote.ts';
import type {EscalationMessage} from './deliver.ts';

type Facts = {
	place: Place;
	config: Config;
	host: string;
	since: number;
	now: number;
	/** As the last look found them. */
	findings: readonly Finding[];
	/** The newest run of the incident. */
	run: RunState | undefined;
	/** What must not be told, wherever it stands: a line of a log may hold the password of the deployment. */
	secrets: readonly RegExp[];
};

const maxFindings = 20;

/** What is told of an incident: what is wrong now, and the report of what was done. */
export function escalationMessage({
	place,
	config,
	host,
	since,
	now,
	findings,
	run,
	secrets,
}: Facts): EscalationMessage {
	const clean = (text: string): string => hideText(text, secrets);
	const shown = (text: string): string => escapeText(clean(text));
	const where = `${config.deployment}${config.production ? ' (PRODUCTION)' : ''} on ${host}`;
	const title = clean(`${where} is not mended after ${formatAge(now - since)}`);
	const result = run && (run.result ?? (run.alive ? 'running' : 'killed'));
	const lines = [
		`# ${escapeText(title)}`,
		'',
		`The incident began ${new Date(since).toISOString()}. Escalated by jetmedic.`,
		'',
		'## Wrong now',
		'',
		...(findings.length === 0 ? ['Nothing critical was seen at the last look.'] : []),
		...findings.slice(0, maxFindings).map((finding) => findingLine(finding, shown)),
		...(findings.length > maxFindings
			? [`- and ${plural(findings.length - maxFindings, 'more', 'more')}`]
			: []),
		'',
		...(run === undefined
			? ['No runbook was run.']
			: [
					`Last run: ${shown(run.title)}, by ${shown(run.user)} (${shown(run.origin)}), ${result}${run.error ? `: ${shown(run.error)}` : ''}.`,
				]),
	];
	return {
		deployment: config.deployment,
		host: clean(host),
		since: new Date(since).toISOString(),
		title,
		text: `${lines.join('\n')}\n\n---\n\n${incidentReport(place, config, secrets)}`,
		...(run && result ? {run: {id: run.id, title: clean(run.title), result}} : {}),
	};
}

/** Names and evidence come from outside, and must be neither Markdown nor a call of somebody. */
function findingLine(
	{severity, title, evidence, runbook, advice, cause}: Finding,
	shown: (text: string) => string,
): string {
	const remedy =
		runbook === undefined ? advice && shown(advice) : code(shellLine('jetmedic', 'run', runbook));
	return `${cause === undefined ? '' : '  '}- **${severity}** ${shown(title)}: ${shown(evidence)}${remedy ? ` → ${remedy}` : ''}`;
}
