import type {Config} from '../config/schema.ts';
import {identify} from '../records/identity.ts';
import {readTransfers, type TransferNote} from '../records/transfer-history.ts';
import {incidentReport, runReport} from '../report/incident-report.ts';
import {outcomeOf} from '../report/outcome.ts';
import {findRuns, readRuns} from '../report/recorded.ts';
import type {ReportedRun} from '../report/types.ts';
import {formatElapsed, formatStamp} from '../text/duration.ts';
import {padEnd} from '../text/fit.ts';
import {sanitize} from '../text/sanitize.ts';
import {readContext} from './context.ts';
import {print} from './output.ts';

const identifyMs = 1000;
/** How many runs a list shows. */
const listed = 10;
const maxListed = 200;

/**
`jetmedic report [run]`: the incident, or one run, as Markdown on stdout.

@param id - A run's id, or the beginning of exactly one.
@returns 0, or 1 where there is nothing to report or no such run.
*/
export async function reportCommand(
	id: string | undefined,
	config: Config,
	{list, json}: {list?: boolean | undefined; json?: boolean | undefined},
): Promise<number> {
	const context = readContext(config, process.env, new AbortController().signal);
	// Without the engine: the records of the one that had this address last.
	await identify(context, identifyMs);
	const {place} = context;
	if (list) {
		const runs = readRuns(place, maxListed);
		print(
			json ? `${JSON.stringify(runs.map(summary))}\n` : lines(runs) + transferLines(readTransfers(place, 0)),
		);
		return 0;
	}
	const newest = readRuns(place, listed);
	if (id === undefined) {
		if (newest.length === 0) {
			return refuse(`There is no run of ${config.deployment} in ${sanitize(place.runs, 300)}.`);
		}
		print(json ? `${JSON.stringify(summary(newest.at(-1)!))}\n` : incidentReport(place, config));
		return 0;
	}
	const found = findRuns(place, id);
	const [run] = found;
	if (run === undefined || found.length > 1) {
		const shown = JSON.stringify(sanitize(id, 100));
		const why = run === undefined ? `There is no run ${shown}` : `More than one run begins with ${shown}`;
		return refuse(
			newest.length === 0
				? `${why}, and none of ${config.deployment} at all in ${sanitize(place.runs, 300)}.`
				: `${why}. The last ones:\n${lines(newest).trimEnd()}`,
		);
	}
	print(json ? `${JSON.stringify(summary(run))}\n` : runReport(place, run, config));
	return 0;
}

function refuse(sentence: string): number {
	process.stderr.write(`${sentence}\n`);
	return 1;
}

/** One run a line, the newest last. */
const lines = (runs: ReportedRun[]): string =>
	runs
		.map((run) => {
			const {id, startedAt, endedAt, user, title} = run.state;
			const took = endedAt === undefined ? '' : formatElapsed(endedAt - startedAt);
			return `${padEnd(id, 42)} ${padEnd(outcomeOf(run), 10)} ${padEnd(took, 10)} ${title}, by ${user}\n`;
		})
		.join('');

/** Below the runs: backups and restores that were done by themselves, one a line, the newest last. */
const transferLines = (notes: TransferNote[]): string =>
	notes
		.filter(({state}) => state !== 'begun')
		.slice(-listed)
		.map(
			({at, what, state, stream, folder, user}) =>
				`${padEnd(`${what} ${formatStamp(at)}`, 42)} ${padEnd(state, 10)} ${padEnd('', 10)} ${stream}, by ${user}, ${folder}\n`,
		)
		.join('');

/** A run for a program: the state that the journal tells, with its events. */
const summary = (run: ReportedRun): object => ({
	...run.state,
	outcome: outcomeOf(run),
	journal: run.path,
	unreadLines: run.unread,
	events: run.events,
});
