import type {RunLock} from '../lock/lock.ts';
import type {JournalEvent} from '../records/event.ts';
import type {RunState} from '../state/run.ts';
import type {ReadContext, RunContext} from './context.ts';
import {type Ledger, openLedger} from './ledger.ts';
import type {Plan} from './planned.ts';
import {controlOf} from './read-only.ts';
import type {RunRequest} from './runbook.ts';

/** A run that has begun: the deployment is its own, and its first line is on disk. */
export type StartedRun = {
	request: RunRequest;
	plan: Plan;
	lock: RunLock;
	ledger: Ledger;
	context: RunContext;
	/** The clock's `elapsed` when it began. */
	startedMs: number;
	/** Whether the incident began with this run. */
	isOwnIncident: boolean;
};

/**
Takes the deployment and writes the first line. Nothing was touched when it throws.

@param onEvent - Gets each line of the journal after it was written.
@throws LockedError when another run has the deployment; an Error when it is read-only or the journal cannot be written.
*/
export async function startRun(
	request: RunRequest,
	given: ReadContext,
	plan: Plan,
	onEvent: (event: JournalEvent) => void,
): Promise<StartedRun> {
	const {config, deployment, records} = given;
	const {resumes, id: runbook} = request.runbook;
	const control = controlOf(deployment, 'no runbook is run');
	const engineId = await deployment.engine.id();
	refuseForeign(resumes, engineId);
	const lock = await given.lock.take({run: request.id, runbook, resumes: resumes?.id}, given.signal);
	try {
		const signal = AbortSignal.any([given.signal, lock.lost]);
		const journal = await records.createJournal(request.id, engineId);
		const startedAt = deployment.clock.now();
		const startedMs = deployment.clock.elapsed();
		const ledger = openLedger(journal, deployment.clock, (event) => {
			lock.copy(event);
			onEvent(event);
		});
		await writeFirstLine(request, given, plan, ledger, engineId);
		if (resumes !== undefined && resumes.stopped.length > 0) {
			// From here on they are this run's to start, whatever becomes of it.
			ledger.write({
				event: 'stopping',
				services: resumes.stopped,
				...(resumes.stoppedContainers && {containers: resumes.stoppedContainers}),
			});
		}
		if (lock.note !== undefined) {
			noteIfPossible(ledger, lock.note);
		}
		const incidentSince = records.startIncident(startedAt);
		given.onIncident?.();
		return {
			request,
			plan,
			lock,
			ledger,
			startedMs,
			isOwnIncident: incidentSince === startedAt,
			context: {
				...given,
				config,
				signal,
				control,
				confirmLock: lock.confirm,
				backup: request.backup,
				pins: structuredClone(plan.pins),
				confirmed: request.confirmed,
				confirmAgain: request.confirmAgain,
				progress: () => {},
				write: ledger.write,
				memory: resumes?.stoppedContainers ? {stoppedContainers: new Set(resumes.stoppedContainers)} : {},
			},
		};
	} catch (error) {
		await lock.release();
		throw error;
	}
}

async function writeFirstLine(
	{id, runbook, confirmed, backup}: RunRequest,
	{config, deployment, records}: ReadContext,
	plan: Plan,
	ledger: Ledger,
	engineId: string,
): Promise<void> {
	try {
		ledger.write({
			event: 'started',
			run: id,
			runbook: runbook.id,
			title: plan.title,
			deployment: config.deployment,
			...records.runner(),
			steps: plan.steps,
			...(plan.impact && {impact: plan.impact}),
			confirmed,
			backup,
			...(runbook.resumes && {resumes: runbook.resumes.id}),
			where: {
				engine: deployment.engine.address,
				engineId,
				project: config.docker.project,
				nats: await deployment.server.address(),
				stream: config.stream,
				consumer: config.consumer,
			},
		});
	} catch (error) {
		// A journal without its first line would hide the run before it.
		ledger.discard();
		throw error;
	}
}

/** @throws when the run that is to be finished began on another engine: the services that it stopped are there. */
function refuseForeign(resumes: RunState | undefined, engineId: string): void {
	if (resumes?.engineId !== undefined && resumes.engineId !== engineId) {
		throw new Error(
			`The run ${resumes.id} began on another engine (ID ${resumes.engineId}); this one has the ID ${engineId}. Finish it there.`,
		);
	}
}

function noteIfPossible(ledger: Ledger, text: string): void {
	try {
		ledger.write({event: 'note', text});
	} catch {
		// The first step that cannot be written ends the run.
	}
}
