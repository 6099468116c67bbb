import {type LockControl, openLockControl} from '../clients/docker/lock-container.ts';
import {sanitize} from '../text/sanitize.ts';
import type {ReadContext} from './context.ts';
import {lockName, takeEngineLock, UnplannedError} from './engine-lock.ts';
import {beatEveryMs} from './heartbeat.ts';
import {fromLabels, type Holder, holderHere, holderText, toLabels} from './holder.ts';
import {copyJournal, type JournalCopy} from './journal-copy.ts';
import {engineKey, LockedError, lockAddress, takeLock} from './lock.ts';
import type {JournalEvent} from './types.ts';
import {delay} from './wait.ts';

/** A deployment that one run has. */
export type RunLock = {
	/** Aborted where another run took the deployment because nothing was heard of this one. */
	lost: AbortSignal;
	/** What the operator should know of it, in a sentence: who is not kept out. */
	note: string | undefined;
	/** Shows a line of the journal to all who watch. It is on its way when this returns; it never fails. */
	copy(event: JournalEvent): void;
	/** Gives the deployment free. Never throws. */
	release(): Promise<void>;
};

const copyEveryMs = 250;
// Who watched so lately gets the end of the run to see, before what it is read from goes.
const watchedMs = 5000;
const lingerMs = 1300;

/**
Takes a deployment for a run: at once among the processes of this host, and in the engine, which all of its consoles
share. An engine that can't hold the lock (a full disk, a plugin that refuses) stops no run: then other hosts are not kept out,
and the note says so.

@param resumes - The killed run that this one finishes.
@throws LockedError when a run that lives has it; UnplannedError where a killed run has it that this one does not finish.
*/
export async function takeRunLock(
	{docker, config, place, env, signal}: ReadContext,
	{run, runbook, resumes}: {run: string; runbook: string; resumes: string | undefined},
): Promise<RunLock> {
	const {project} = config.docker;
	const holder = holderHere(run, runbook, env);
	const here = await takeLock(lockAddress(engineKey(docker.endpoint), project), holder);
	const control = openLockControl(docker.endpoint);
	let id: string;
	try {
		id = await takeEngineLock(control, project, {holder, resumes}, place, signal);
	} catch (error) {
		if (error instanceof LockedError || error instanceof UnplannedError || signal.aborted) {
			here.release();
			throw error;
		}
		return {
			lost: new AbortController().signal,
			note: `The engine can't hold this run's lock, so runs of other hosts and containers are not kept out, and do not see this one: ${sanitize((error as Error).message, 200)}.`,
			copy() {},
			release: async () => here.release(),
		};
	}
	const kept = keep(control, id, project, holder);
	const watchers = watchersOf({docker}, kept.id);
	return {
		lost: kept.lost,
		note: undefined,
		copy: kept.copy.add,
		async release() {
			here.release();
			await kept.copy.close();
			await watchers.linger();
			if (!kept.lost.aborted) {
				await control.remove(kept.id()).catch(() => {});
			}
		},
	};
}

/** Feeds a lock's container, and makes it again where somebody removed it, as `docker container prune` does. */
function keep(
	control: LockControl,
	first: string,
	project: string,
	holder: Holder,
): {id(): string; copy: JournalCopy; lost: AbortSignal} {
	let id = first;
	const lost = new AbortController();
	const name = lockName(project);
	const onFailure = async (error: unknown): Promise<'again' | 'rest'> => {
		if ((error as {statusCode?: number}).statusCode !== 404 || lost.signal.aborted) {
			return 'rest';
		}
		const made = await control.create(name, project, toLabels(holder));
		if (made !== undefined) {
			id = made;
			return 'again';
		}
		const other = await control.find(name);
		if (other && other.id !== id) {
			const whose = holderText(fromLabels(other.labels));
			lost.abort(new Error(`another run took the deployment, as nothing was heard of this one: ${whose}`));
		}
		return 'rest';
	};
	const write = (files: Record<string, string>): Promise<void> => control.write(id, files);
	const copy = copyJournal(write, onFailure, {everyMs: copyEveryMs, beatMs: beatEveryMs});
	return {id: () => id, copy, lost: lost.signal};
}

/** Hears whether anybody reads the container: the engine tells of each read. */
function watchersOf({docker}: Pick<ReadContext, 'docker'>, id: () => string): {linger(): Promise<void>} {
	let readAt = Number.NEGATIVE_INFINITY;
	const ended = new AbortController();
	docker
		.events(
			({action, containerId}) => {
				if (action === 'archive-path' && containerId === id()) {
					readAt = performance.now();
				}
			},
			() => {},
			ended.signal,
		)
		// Whoever watches then misses the end, and says so.
		.catch(() => {});
	return {
		async linger() {
			if (performance.now() - readAt < watchedMs) {
				await delay(lingerMs, new AbortController().signal);
			}
			ended.abort();
		},
	};
}
