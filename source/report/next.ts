import {commandLine, shellLine} from '../text/shell-quote.ts';
import {block, code, escapeText} from './markdown.ts';
import {outcomeOf} from './outcome.ts';
import {type ReportedRun, startedOf} from './types.ts';

/** What is still stopped after the last run, by its journal. */
export function stillStopped(run: ReportedRun): string[] {
	const {stopped} = run.state;
	const names = stopped.map((service) => code(service, 100)).join(', ');
	switch (outcomeOf(run)) {
		case 'running':
			return stopped.length === 0
				? ['The run goes on; it has stopped nothing that it has not started again.']
				: [`The run goes on and has stopped ${names}; it will start them again.`];
		default:
			return stopped.length === 0
				? ['Nothing: by the journal, every service that was stopped was started again.']
				: [
						`**${names}**: stopped by the run and, by its journal, not started again. Start them:`,
						'',
						...block([commandLine(['docker', 'compose', '-p', project(run), 'start'], stopped)]),
					];
	}
}

const project = (run: ReportedRun): string => startedOf(run)?.where?.project ?? 'PROJECT';

/** What to do next, by how the last run ended. */
export function nextSteps(run: ReportedRun): string[] {
	const {state, events} = run;
	const purged = events.some(({event}) => event === 'lost');
	switch (outcomeOf(run)) {
		case 'verified':
			return [
				'Nothing has to be done: every check held when the run ended. `jetmedic check` says how it is now.',
				...(purged
					? ['Decide whether what was removed must be processed after all, before the backup is deleted.']
					: []),
			];
		case 'running':
			return ['Watch it in the console: `jetmedic`. This report is not its last word.'];
		case 'unfinished':
			return [
				'Finish it: `jetmedic run --resume`, or `U` in the console, starts what it stopped and verifies.',
				'`jetmedic check` says what is wrong now.',
				...(events.some(
					(event) => event.event === 'step' && event.step === 'purge' && event.status === 'running',
				) &&
				!events.some(
					(event) => event.event === 'step' && event.step === 'purge' && event.status !== 'running',
				)
					? [
							'It was killed in its purge, which the server may have finished: read the stream before another one.',
						]
					: []),
			];
		case 'unverified':
			return [
				...state.checks
					.filter(({ok}) => !ok)
					.map(
						({name, evidence, next}) =>
							`${escapeText(name)} does not hold (${escapeText(evidence)}): ${next === undefined ? hint(name, run) : escapeText(next)}`,
					),
				'`jetmedic check` says what is wrong now; what it can mend it names.',
				escalate,
			];
		case 'aborted':
			return [
				'Look with `jetmedic check` whether what the run was to mend is still wrong, and run it again where it is.',
				...(purged ? ['It was aborted after its purge: the messages are gone, see "What was lost".'] : []),
			];
		case 'failed':
			return [
				`Mend what made it fail${state.error ? `: ${escapeText(state.error)}` : ''}`,
				'Then run it again; `jetmedic check` says what is wrong now.',
				escalate,
			];
	}
}

const escalate = 'Where that does not help, escalate to the on-call lead, with this report.';

function hint(check: string, run: ReportedRun): string {
	const where = startedOf(run)?.where;
	if (check.startsWith('containers')) {
		return `look at ${code(shellLine('docker', 'compose', '-p', project(run), 'ps', '-a'))} and the logs of the services named above.`;
	}
	if (check.startsWith('/healthz')) {
		return 'a server that is booting must be waited for; for another reason restart it (`jetmedic run restart`).';
	}
	if (check.endsWith('answers')) {
		return 'where the server no longer knows the stream, `jetmedic run recover` makes it again.';
	}
	if (where !== undefined && check.startsWith(where.consumer)) {
		return 'restart the service that consumes; a purge does not help a consumer that stands.';
	}
	return 'look at the logs of the service behind it, and restart that.';
}
