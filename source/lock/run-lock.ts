import {delay} from '../clients/delay.ts';
import type {DockerClient} from '../clients/docker/client.ts';
import {isUnanswered, type LockControl, openLockControl} from '../clients/docker/lock-container.ts';
import type {Config} from '../config/schema.ts';
import {StepError} from '../deployment/step-error.ts';
import type {JournalEvent} from '../records/event.ts';
import type {Place} from '../records/place.ts';
import {sanitize} from '../text/sanitize.ts';
import {hasFinished, leavesWork, lockName, takeEngineLock, UnplannedError} from './engine-lock.ts';
import {beatEveryMs} from './heartbeat.ts';
import {fromLabels, type Holder, holderHere, holderText, isSameRun, toLabels} from './holder.ts';
import {engineKey, LockedError, lockAddress, takeLock} from './host-lock.ts';
import {copyJournal, type JournalCopy} from './journal-copy.ts';
import {UnkeptError} from './kept-journal.ts';
import {engineUsers} from './may-hold.ts';

/** What a deployment is locked with. */
export type Lockable = {
	docker: DockerClient;
	config: Config;
	place: Place;
	env: NodeJS.ProcessEnv;
	signal: AbortSignal;
};

/** A deployment that one run has. */
export type RunLock = {
	/** Aborted where another run took the deployment because nothing was heard of this one. */
	lost: AbortSignal;
	/** What the operator should know of it, in a sentence: who is not kept out. */
	note: string | undefined;
	/** Shows a line of the journal to all who watch. It is on its way when this returns; it never fails. */
	copy(event: JournalEvent): void;
	/**
	Asks the engine whether the deployment is still this run's, and sees to it that the lines so far are there: before what can't be
	undone. Without a lock there it asks nothing.

	@throws what `lost` is aborted with, or a StepError where the engine does not answer.
	*/
	confirm(): Promise<void>;
	/** Gives the deployment free. Never throws. */
	release(): Promise<void>;
};

const copyEveryMs = 250;
// Who watched so lately gets the end of the run to see, before what it is read from goes.
const watchedMs = 5000;
const lingerMs = 1300;
// Of these, 10 s go by where it is listened whether another machine's run still lives.
const takeMs = 15_000;
// An engine that is loaded for a moment ends no run.
const confirmTries = 3;
const confirmEveryMs = 500;

/**
Takes a deployment for a run: at once among the processes of this host, and in the engine, which all of its consoles
share. An engine that can't hold the lock (a full disk, a plugin that refuses, no answer in time) stops no run: then other
hosts are not kept out, and the note says so.

@param resumes - The killed run that this one finishes.
@throws LockedError when a run that lives has it; UnplannedError where a killed run has it that this one does not finish; UnkeptError where a killed run's journal can't be kept here.
*/
export async function takeRunLock(
	{docker, config, place, env, signal}: Lockable,
	{run, runbook, resumes}: {run: string; runbook: string; resumes: string | undefined},
): Promise<RunLock> {
	const {project} = config.docker;
	const holder = holderHere(run, runbook, env);
	const address = lockAddress(engineKey(docker.endpoint), project);
	const here = await takeLock(address, holder, engineUsers(docker.endpoint));
	const ignored =
		here.ignored &&
		`The name of this host's lock is held by ${here.ignored}, which has no right to it. It was ignored.`;
	const control = openLockControl(docker.endpoint);
	const taking = AbortSignal.any([signal, AbortSignal.timeout(takeMs)]);
	let taken: {id: string; holder: Holder};
	try {
		const inTime = openLockControl(docker.endpoint, taking);
		taken = await takeEngineLock(inTime, project, {holder, resumes}, place, taking);
	} catch (error) {
		if (refusals.some((kind) => error instanceof kind) || signal.aborted) {
			here.release();
			if (signal.aborted) {
				await removeLate(control, project, holder);
			}
			throw error;
		}
		const why = isUnanswered(error) ? 'it did not answer in time' : (error as Error).message;
		return {
			lost: new AbortController().signal,
			note: `${ignored ? `${ignored} ` : ''}The engine cannot hold this run's lock. Runs on other hosts and in containers are not kept out, and they do not see this one: ${sanitize(why, 200)}.`,
			copy() {},
			async confirm() {},
			async release() {
				here.release();
				await removeLate(control, project, holder);
			},
		};
	}
	const kept = keep(control, taken.id, project, taken.holder);
	const watchers = watchersOf({docker}, kept.id);
	return {
		lost: kept.lost,
		note: ignored && `${ignored} The lock in the engine keeps other runs out.`,
		copy: kept.copy.add,
		confirm: kept.confirm,
		async release() {
			here.release();
			await kept.copy.close();
			await watchers.linger();
			if (!kept.lost.aborted && !(await stays(control, project, taken.holder))) {
				await control.remove(kept.id()).catch(() => {});
			}
		},
	};
}

const refusals = [LockedError, UnplannedError, UnkeptError];

/** Removes what a slow engine made after it was given up on. Never throws. */
async function removeLate(control: LockControl, project: string, holder: Holder): Promise<void> {
	try {
		const found = await control.find(lockName(project));
		if (found && isSameRun(fromLabels(found.labels), holder)) {
			await control.remove(found.id);
		}
	} catch {
		// Whoever takes the deployment next sees that its holder is dead.
	}
}

/**
Whether the container stays after the end of its run: it finished a run of other records, whose owner would hear of that
nowhere else and take it for unfinished; or it left services stopped, which every user and host must see and may finish. The
next run takes it away, or its own stays in its place. Never throws.
*/
export async function stays(control: LockControl, project: string, holder: Holder): Promise<boolean> {
	const found = await control.read(lockName(project)).catch(() => undefined);
	// Without its end it would be taken for a killed run's itself.
	return (
		found !== undefined &&
		isSameRun(fromLabels(found.labels), holder) &&
		hasFinished(found) &&
		(holder.finishes.length > 0 || leavesWork(found))
	);
}

/** Feeds a lock's container, and makes it again where somebody removed it, as `docker container prune` does. */
export function keep(
	control: LockControl,
	first: string,
	project: string,
	holder: Holder,
): {id(): string; copy: JournalCopy; lost: AbortSignal; confirm(): Promise<void>} {
	let id = first;
	let isNew = false;
	const lost = new AbortController();
	const name = lockName(project);
	/** Sees to it that the container of the name is this run's, or that the run is lost. */
	const claim = async (): Promise<void> => {
		let other = await control.find(name);
		if (!other) {
			// Where it can't be made again nobody else has the deployment either.
			const made = await control.create(name, project, toLabels(holder)).catch(() => undefined);
			other = made === undefined ? await control.find(name) : {id: made, labels: toLabels(holder)};
		}
		if (!other || other.id === id) {
			return;
		}
		const whose = fromLabels(other.labels);
		if (isSameRun(whose, holder)) {
			id = other.id;
			isNew = true;
		} else {
			lost.abort(
				new Error(`another run took the deployment, as nothing was heard of this one: ${holderText(whose)}`),
			);
		}
	};
	const onFailure = async (error: unknown): Promise<'again' | 'rest'> => {
		if (!isNew && (error as {statusCode?: number}).statusCode === 404 && !lost.signal.aborted) {
			await claim();
		}
		const again = isNew;
		isNew = false;
		return again ? 'again' : 'rest';
	};
	const write = async (files: Record<string, string>): Promise<void> => {
		if (isNew) {
			throw new Error('the container was made anew');
		}
		await control.write(id, files);
	};
	const copy = copyJournal(write, onFailure, {everyMs: copyEveryMs, beatMs: beatEveryMs});
	return {
		id: () => id,
		copy,
		lost: lost.signal,
		async confirm() {
			// What is about to be stopped is known there before it is: the next console may know of this run by that alone.
			await copy.flush();
			for (let tries = 1; ; tries++) {
				lost.signal.throwIfAborted();
				try {
					await claim();
					break;
				} catch (error) {
					if (tries === confirmTries) {
						throw new StepError(
							`Could not confirm that this run still holds the lock, so it stopped before changing anything else: ${sanitize((error as Error).message, 200)}.`,
						);
					}
				}
				await delay(confirmEveryMs, lost.signal);
			}
			lost.signal.throwIfAborted();
		},
	};
}

/** Hears whether anybody reads the container: the engine tells of each read. */
function watchersOf({docker}: Pick<Lockable, 'docker'>, id: () => string): {linger(): Promise<void>} {
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
