import type {Config} from '../config/schema.ts';
import type {Finding} from '../diagnosis/finding.ts';
import type {Place} from '../records/place.ts';
import {incidentReport} from '../report/incident-report.ts';
import type {RunState} from '../state/run.ts';
import {plural} from '../text/count.ts';
import {formatAge} from '../text/duration.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
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
}: Facts): EscalationMessage {
	const where = `${config.deployment}${config.production ? ' (PRODUCTION)' : ''} on ${host}`;
	const title = clean(`${where} is not mended after ${formatAge(now - since)}`);
	const result = run && (run.result ?? (run.alive ? 'running' : 'killed'));
	const lines = [
		`# ${title}`,
		'',
		`The incident began ${new Date(since).toISOString()}. Escalated by jetmedic.`,
		'',
		'## Wrong now',
		'',
		...(findings.length === 0 ? ['Nothing critical was seen at the last look.'] : []),
		...findings.slice(0, maxFindings).map(findingLine),
		...(findings.length > maxFindings
			? [`- and ${plural(findings.length - maxFindings, 'more', 'more')}`]
			: []),
		'',
		...(run === undefined
			? ['No runbook was run.']
			: [
					`Last run: ${run.title}, by ${run.user} (${run.origin}), ${result}${run.error ? `: ${run.error}` : ''}.`,
				]),
	];
	return {
		deployment: config.deployment,
		host: clean(host),
		since: new Date(since).toISOString(),
		title,
		// The report cleans its own text, and its Markdown must stay as it is.
		text: `${lines.map(clean).join('\n')}\n\n---\n\n${incidentReport(place, config)}`,
		...(run && result ? {run: {id: run.id, title: clean(run.title), result}} : {}),
	};
}

function findingLine({severity, title, evidence, runbook, advice, cause}: Finding): string {
	const remedy = runbook === undefined ? advice : `\`jetmedic run ${runbook}\``;
	return `${cause === undefined ? '' : '  '}- **${severity}** ${title}: ${evidence}${remedy ? ` → ${remedy}` : ''}`;
}

const clean = (text: string): string => redact(sanitize(text));
