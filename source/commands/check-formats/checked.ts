import type {Config} from '../../config/schema.ts';
import {blindSpots, shareRead} from '../../diagnosis/blind-spots.ts';
import type {Finding} from '../../diagnosis/finding.ts';
import type {Status} from '../../diagnosis/status.ts';
import type {DeploymentState} from '../../state/types.ts';
import {shellLine} from '../../text/shell-quote.ts';

/** What a look found: what every format is made of. */
export type Checked = {
	state: DeploymentState;
	findings: readonly Finding[];
	status: Status;
	config: Config;
	/** The path of the loaded configuration, or `built-in`. */
	source: string;
};

/** The exit codes of Nagios' plugins. */
export const exitCodes: Record<Status, number> = {ok: 0, warning: 1, critical: 2, unknown: 3};

/** What mends a finding, as a command or as words; nothing where only its cause is mended. */
export const remedyOf = ({runbook, advice}: Finding): string | undefined =>
	runbook === undefined ? advice : shellLine('jetmedic', 'run', runbook === 'resume' ? '--resume' : runbook);

/**
All that the look could not read, by name: a finding tells of the first twenty of a kind alone, and what is not told reads
as if it were well.
*/
export function unreadOf({state, config}: Pick<Checked, 'state' | 'config'>): Unread[] {
	const sources = Object.entries(state.sources)
		.filter(([, {status}]) => status !== 'up')
		.map(([source, {status, since, error}]) => ({
			id: `source:${source}`,
			what: source,
			status: 'unread' as const,
			since,
			...(error !== undefined ? {error} : status === 'starting' ? {error: 'no answer yet'} : {}),
		}));
	const spots = blindSpots(state, config).map(
		({subject, what, reading: {status, since, error, read, total}}) => ({
			id: `unread:${subject}`,
			what: what.replace(/ (is|are)$/, ''),
			status,
			since,
			...(error !== undefined && {error}),
			...(read !== undefined && {read}),
			...(total !== undefined && {total}),
		}),
	);
	return [...sources, ...spots];
}

export type Unread = {
	/** The id of its finding, if it has one: `unread:…`; else `source:<name>`. */
	id: string;
	what: string;
	status: 'part' | 'refused' | 'unread' | 'read';
	since: number;
	error?: string;
	read?: number;
	total?: number;
};

/** The lines of what no finding tells of. */
export function untold(checked: Checked): string[] {
	const told = new Set(checked.findings.map(({id}) => id));
	return unreadOf(checked)
		.filter(({id}) => !told.has(id) && !isTold(id, checked.findings))
		.map(({what, error, read, total}) => {
			const share = shareRead({...(read !== undefined && {read}), ...(total !== undefined && {total})});
			return `UNKNOWN ${what}: ${[share, error].filter(Boolean).join(', ') || 'not read'}`;
		});
}

/** A source has a finding of its own, under its own name or under that of its rule. */
function isTold(id: string, findings: readonly Finding[]): boolean {
	const name = id.replace(/^source:/, '');
	const rules: Record<string, readonly string[]> = {
		docker: ['engine-unreachable', 'source-unknown:docker'],
		nats: ['source-unknown:nats'],
		monitor: ['source-unknown:monitor'],
		records: ['records-failed'],
	};
	const [kind = '', subject = ''] = [name.split(':')[0] ?? '', name.slice(name.indexOf(':') + 1)];
	const ids = rules[name] ?? [
		`source-unknown:${name}`,
		...(kind === 'health' ? [`health-unreachable:${subject}`] : []),
		...(kind === 'metrics' ? [`metrics-unreachable:${subject}`] : []),
		...(kind === 'node' ? [`node-down:${subject}`, 'quorum-lost'] : []),
	];
	return id.startsWith('source:') && findings.some((finding) => ids.includes(finding.id));
}

/** How many containers run, and how many there are. */
export function containerCount({services}: DeploymentState): {running: number; all: number} {
	const all = Object.values(services);
	return {running: all.filter(({status}) => status === 'running').length, all: all.length};
}
