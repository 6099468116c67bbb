import type {JournalEvent} from '../records/event.ts';
import {JournalError} from '../records/journal.ts';
import {sanitize} from '../text/sanitize.ts';
import {closeRun, type Outcome} from './close-run.ts';
import type {ReadContext} from './context.ts';
import {planFacts, withCommand} from './facts.ts';
import {lookAround} from './look.ts';
import type {Plan} from './planned.ts';
import {putBack} from './put-back.ts';
import {abortReason, runSteps} from './run-steps.ts';
import type {RunRequest} from './runbook.ts';
import {type StartedRun, startRun} from './start-run.ts';
import {readUsers} from './users.ts';

export type {Outcome} from './close-run.ts';

/** Before it, somebody waits for the recovery. */
const lookMs = 300;

/**
Runs a runbook to its end, in this process: start, steps, put back, close. Each line of the journal is on disk before what it
announces. An abort (the context's signal) ends it after the action that is under way; whatever ends it, the services that it
stopped are started again.

@param onEvent - Gets each line of the journal after it was written.
@throws LockedError when another run has the deployment; an Error when it is read-only, or the journal cannot be written at the
start. Nothing was touched then.
*/
export async function execute(
	request: RunRequest,
	given: ReadContext,
	plan: Plan,
	onEvent: (event: JournalEvent) => void = () => {},
): Promise<Outcome> {
	const run = await startRun(request, given, plan, onEvent);
	try {
		const {context, ledger} = run;
		const lookBefore = lookOnce(run);
		announceAbort(run);
		const failed = await takeSteps(run, lookBefore);
		// From here on a journal that cannot be written stops nothing: a service left stopped is worse.
		ledger.giveWay();
		const stranded = await putBackWhatIsOurs(run);
		await lookBefore();
		return await closeRun(
			{...run, context},
			[failed, stranded].filter((text) => text !== undefined),
		);
	} finally {
		await run.lock.release();
	}
}

/** The look before anything is touched: it begins at once, while the preflight only reads, and is written when it is first asked for. */
function lookOnce({context, ledger}: StartedRun): () => Promise<void> {
	const looking = lookAround(context, lookMs);
	let isWritten = false;
	return async () => {
		const look = await looking;
		if (!isWritten) {
			isWritten = true;
			ledger.write({event: 'snapshot', when: 'before', ...look});
		}
	};
}

function announceAbort({context, ledger}: StartedRun): void {
	const announce = (): void => {
		try {
			ledger.write({event: 'aborting', reason: abortReason(context.signal)});
		} catch {
			// The step that fails next says the same.
		}
	};
	context.signal.addEventListener('abort', announce, {once: true});
}

async function takeSteps(
	{request, context, plan}: StartedRun,
	lookBefore: () => Promise<void>,
): Promise<string | undefined> {
	try {
		const containers = await context.deployment.engine.containers().catch(() => []);
		const users = await readUsers(context, containers, request.runbook.needs);
		const {engine} = context.deployment;
		const {stops} = request.runbook.needs;
		// At the plan's own time, so that the backup gets the folder that the plan said.
		const facts = await withCommand({...planFacts(context, containers, plan.at, users), stops}, engine);
		return await runSteps(request, context, facts, plan, lookBefore);
	} catch (error) {
		const why = sanitize((error as Error).message, 200).replace(/\.$/, '');
		return error instanceof JournalError
			? `The journal cannot be written, so the run was ended: ${why}.`
			: `The run was ended: ${why}.`;
	}
}

/** Starts again what the run stopped, unless another run has the deployment by now: that one may have stopped it itself. */
async function putBackWhatIsOurs({context, lock, ledger}: StartedRun): Promise<string | undefined> {
	if (ledger.stopped.size === 0) {
		return undefined;
	}
	// A run that stood still for long hears only now that it lost the deployment.
	await lock.confirm().catch(() => {});
	return lock.lost.aborted
		? `Left to the run that now holds the deployment: ${[...ledger.stopped].join(', ')}.`
		: putBack(context, new Set(ledger.stopped));
}
