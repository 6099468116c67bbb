import {rmSync} from 'node:fs';
import {openDockerControl} from '../clients/docker/control.ts';
import {takeRunLock} from '../lock/run-lock.ts';
import type {JournalEvent, Plan} from '../records/event.ts';
import {endIncident, startIncident} from '../records/incident.ts';
import {createJournal} from '../records/journal.ts';
import {machineId} from '../records/machine.ts';
import {makePlace} from '../records/place.ts';
import {processStart} from '../records/process.ts';
import {exactSecrets} from '../records/secrets.ts';
import {whoAmI} from '../records/who.ts';
import type {CheckResult, RunResult} from '../state/run.ts';
import {sanitize} from '../text/sanitize.ts';
import {version} from '../text/version.ts';
import type {ReadContext, RunContext} from './context.ts';
import {planFacts} from './facts.ts';
import {lookAround, shownNats} from './look.ts';
import {putBack} from './put-back.ts';
import {refuseReadOnly} from './read-only.ts';
import {abortReason, runSteps} from './run-steps.ts';
import type {RunRequest} from './runbook.ts';

// A look is for the record: a run does not wait long for it. Before it, somebody waits for the recovery.
const lookMs = {before: 300, after: 500} as const;

export type Outcome = {result: RunResult; checks: CheckResult[]; error?: string};

/**
Runs a runbook to its end, in this process. Each line of the journal is on disk before what it announces. An
abort (the context's signal) ends it after the action that is under way; whatever ends it, the services that
it stopped are started again.

@param onEvent - Gets each line of the journal after it was written.
@throws LockedError when another run has the deployment; an Error when the journal can't be written at the
start. Nothing was touched then.
*/
export async function execute(
	request: RunRequest,
	given: ReadContext,
	plan: Plan,
	onEvent: (event: JournalEvent) => void = () => {},
): Promise<Outcome> {
	const {config, docker, place} = given;
	const {resumes} = request.runbook;
	refuseReadOnly(config, 'no runbook is run');
	const lock = await takeRunLock(given, {
		run: request.id,
		runbook: request.runbook.id,
		resumes: resumes?.id,
	});
	const read = {...given, signal: AbortSignal.any([given.signal, lock.lost])};
	try {
		makePlace(place);
		const journal = createJournal(place, request.id, await exactSecrets(config, read.env));
		const startedAt = Date.now();
		const show = (event: JournalEvent): void => {
			const line = journal.clean(event);
			lock.copy(line);
			onEvent(line);
		};
		const write = (event: JournalEvent): void => {
			journal.write(event);
			show(event);
		};
		const stopped = new Set<string>();
		const checks: CheckResult[] = [];
		const context: RunContext = {
			...read,
			control: openDockerControl(docker.endpoint),
			confirmLock: lock.confirm,
			backup: request.backup,
			confirmed: request.confirmed,
			confirmAgain: request.confirmAgain,
			progress: () => {},
			write(event) {
				track(event, stopped, checks);
				write(event);
			},
			memory: {},
		};
		try {
			write({
				event: 'started',
				run: request.id,
				runbook: request.runbook.id,
				title: plan.title,
				deployment: config.deployment,
				pid: process.pid,
				pidStart: processStart(process.pid),
				machine: machineId(),
				version,
				steps: plan.steps,
				impact: plan.impact,
				confirmed: request.confirmed,
				backup: request.backup,
				...(resumes === undefined ? {} : {resumes: resumes.id}),
				where: {
					engine: docker.endpoint.describe,
					project: config.docker.project,
					nats: await shownNats(read),
					stream: config.stream,
					consumer: config.consumer,
				},
				...whoAmI(read.env),
				at: startedAt,
			});
		} catch (error) {
			// A journal without its first line would hide the run before it.
			rmSync(journal.path, {force: true});
			throw error;
		}
		if (resumes !== undefined && resumes.stopped.length > 0) {
			// From here on they are this run's to start, whatever becomes of it.
			context.write({event: 'stopping', services: resumes.stopped, at: startedAt});
		}
		if (lock.note !== undefined) {
			try {
				context.write({event: 'note', text: lock.note, at: startedAt});
			} catch {
				// The first step that can't be written ends the run.
			}
		}
		const incidentSince = startIncident(place, startedAt);
		read.onIncident?.();
		// At the plan's own time, so that the backup goes where the plan said.
		const facts = planFacts(read, await docker.list(config.docker.project).catch(() => []), plan.at);
		const announce = (): void => {
			try {
				write({event: 'aborting', reason: abortReason(read.signal), at: Date.now()});
			} catch {
				// The step that fails next says the same.
			}
		};
		read.signal.addEventListener('abort', announce, {once: true});
		// While the preflight only reads; whoever touches something first has it written before.
		const looking = lookAround(read, lookMs.before);
		let looked = false;
		const beforeTouching = async (): Promise<void> => {
			if (!looked) {
				const look = await looking;
				looked = true;
				context.write({event: 'snapshot', when: 'before', ...look, at: Date.now()});
			}
		};
		const error = await runSteps(request, context, facts, plan, beforeTouching).catch(journalFailed);
		// From here on a journal that can't be written stops nothing: a service left stopped is worse.
		context.write = (event) => {
			track(event, stopped, checks);
			try {
				write(event);
			} catch {
				show(event);
			}
		};
		if (stopped.size > 0) {
			// A run that stood still for long hears only now that it lost the deployment.
			await lock.confirm().catch(() => {});
		}
		const stranded = lock.lost.aborted ? leftToOther(stopped) : await putBack(context, stopped);
		await beforeTouching();
		context.write({
			event: 'snapshot',
			when: 'after',
			...(await lookAround(read, lookMs.after)),
			at: Date.now(),
		});
		const result: RunResult = read.signal.aborted
			? 'aborted'
			: error !== undefined || stranded !== undefined
				? 'failed'
				: checks.length > 0 && checks.every(({ok}) => ok)
					? 'verified'
					: 'unverified';
		const outcome: Outcome = {
			result,
			checks,
			error: [error, stranded].filter(Boolean).join(' ') || undefined,
		};
		context.write({event: 'finished', ...outcome, elapsedMs: Date.now() - startedAt, at: Date.now()});
		journal.close();
		if (result === 'verified' && incidentSince === startedAt) {
			// Nothing was wrong before the run, and nothing is after it.
			endIncident(place);
		}
		return outcome;
	} finally {
		await lock.release();
	}
}

/** What a run that lost the deployment does not start again: the run that has it now may have stopped it itself. */
const leftToOther = (stopped: Set<string>): string | undefined =>
	stopped.size === 0 ? undefined : `Left to the run that has the deployment now: ${[...stopped].join(', ')}.`;

const journalFailed = (error: unknown): string =>
	`The journal can't be written, so the run was ended: ${sanitize((error as Error).message, 200)}.`;

function track(event: JournalEvent, stopped: Set<string>, checks: CheckResult[]): void {
	if (event.event === 'stopping') {
		for (const service of event.services) {
			stopped.add(service);
		}
	} else if (event.event === 'restored') {
		for (const service of event.services) {
			stopped.delete(service);
		}
	} else if (event.event === 'check') {
		const {event: _event, at: _at, ...check} = event;
		const at = checks.findIndex(({name}) => name === check.name);
		checks.splice(at < 0 ? checks.length : at, at < 0 ? 0 : 1, check);
	}
}
