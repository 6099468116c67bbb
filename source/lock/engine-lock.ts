import {delay} from '../clients/delay.ts';
import {isUnanswered, type LockContainer, type LockControl} from '../clients/docker/lock-container.ts';
import {parseJournal} from '../records/journal.ts';
import {isLeft} from '../records/newest-run.ts';
import type {Place} from '../records/place.ts';
import {toRunState} from '../records/run-state.ts';
import {isUnfinished} from '../state/run.ts';
import {hasStopped, type SeenBeat, seeBeat} from './heartbeat.ts';
import {fromLabels, type Holder, holderText, isRunningHere, isSameRun, toLabels} from './holder.ts';
import {LockedError} from './host-lock.ts';
import {beatFile, copiedJournal} from './journal-copy.ts';
import {isOwnRun, keepJournal} from './kept-journal.ts';

/** A run was killed, or left services stopped, so lately that the plan did not know of it. */
export class UnplannedError extends Error {
	override name = 'UnplannedError';

	constructor(killed: Holder) {
		super(
			`The run ${killed.run}, ${holderText(killed)}, was killed or left services stopped, and this plan does not include it. Plan again: the new run will also finish that one.`,
		);
	}
}

/** The name of a deployment's lock container. The engine gives a name to one container, whoever else asks at once. */
export const lockName = (project: string): string =>
	`jetmedic-run-${project.replace(/[^a-zA-Z0-9_-]/g, '-')}`;

const lookEveryMs = 500;
// A container that is being removed keeps its name for a moment.
const takenForMs = 5000;
const retryEveryMs = 100;

/**
Takes the lock that all consoles of an engine share: a container that is never started. That of a dead holder is taken
over, its journal kept first.

@returns The container's id, and the holder as it is there: with the runs that it finishes for others.
@param resumes - The killed run that this one finishes.
@param signal - Ends it: the run's own, and a deadline.
@throws LockedError where a run that lives has it, or one of which that can't be told; UnplannedError where a dead one has it that `holder` does not finish; UnkeptError where a dead one's journal can't be kept; whatever the engine answers where it can't hold such a container.
*/
export async function takeEngineLock(
	control: LockControl,
	project: string,
	{holder, resumes}: {holder: Holder; resumes: string | undefined},
	place: Place,
	signal: AbortSignal,
): Promise<{id: string; holder: Holder}> {
	const name = lockName(project);
	const finishes = new Set<string>();
	let takenSince = performance.now();
	while (performance.now() - takenSince < takenForMs) {
		signal.throwIfAborted();
		const mine = {
			...holder,
			finishes: [...finishes, resumes ?? ''].filter((run) => run !== '' && !isOwnRun(place, run)),
		};
		let id: string | undefined;
		try {
			id = await control.create(name, project, toLabels(mine));
		} catch (error) {
			if (!isUnanswered(error)) {
				throw error;
			}
			// A slow engine may make it all the same: then it is there the next time.
			signal.throwIfAborted();
			takenSince = performance.now();
		}
		if (id !== undefined) {
			return {id, holder: mine};
		}
		const other = await control.read(name);
		if (!other) {
			const why = await control.stranger(name);
			if (why !== undefined) {
				throw new Error(
					`the container ${name} is not a lock: ${why}. Remove it if it does not belong there: docker rm -f ${name}`,
				);
			}
			await delay(retryEveryMs, signal);
			continue;
		}
		const whose = fromLabels(other.labels);
		if (isSameRun(whose, holder)) {
			return {id: other.id, holder: whose};
		}
		if (await takeOver(control, name, other, resumes, place, signal)) {
			for (const run of whose.finishes) {
				finishes.add(run);
			}
		}
		takenSince = performance.now();
	}
	throw new Error(`the name ${name} is taken by a container that cannot be read`);
}

/**
Removes a dead holder's container, by its id: of two who take over at once, none removes what the other one made. Answers
whether it was removed.
*/
async function takeOver(
	control: LockControl,
	name: string,
	other: LockContainer,
	resumes: string | undefined,
	place: Place,
	signal: AbortSignal,
): Promise<boolean> {
	const whose = fromLabels(other.labels);
	if (whose.run === '') {
		throw new Error(`there is a container ${name} that is not jetmedic's`);
	}
	const isHere = isRunningHere(whose);
	if (!hasFinished(other)) {
		const state =
			isHere === undefined ? await listen(control, name, other, signal) : isHere ? 'lives' : 'dead';
		if (state === 'lives') {
			throw new LockedError(whose);
		}
		if (state === 'over') {
			return false;
		}
		if (state === 'unknown') {
			throw new LockedError(
				whose,
				`The engine answers too slowly to tell whether it lives. If you know that it is dead: docker rm -f ${name}`,
			);
		}
		if (isHere === undefined && !(await canWrite(control, other.id))) {
			// Its heart may only stand still because nothing can be written there.
			throw new LockedError(
				whose,
				`Nothing more is heard of it, and nothing can be written to the engine: free space on its disk. If you know that it is dead: docker rm -f ${name}`,
			);
		}
	}
	if (leavesWork(other)) {
		const isNews = keepJournal(place, whose.run, other);
		// Where its journal is here already, the plan may have been made while it lived.
		if (whose.run !== resumes && (isNews || isLeft(place, whose.run))) {
			throw new UnplannedError(whose);
		}
	}
	await control.remove(other.id);
	return true;
}

/**
Listens whether another machine's run lives: its heart beats. `over` where it ended while it was listened to, `unknown`
where the engine did not answer until the deadline.
*/
async function listen(
	control: LockControl,
	name: string,
	other: LockContainer,
	signal: AbortSignal,
): Promise<'lives' | 'dead' | 'over' | 'unknown'> {
	let seen: SeenBeat | undefined;
	let now: LockContainer = other;
	for (;;) {
		if (now.files[beatFile] !== other.files[beatFile]) {
			return hasFinished(now) ? 'over' : 'lives';
		}
		seen = seeBeat(seen, other.id, now.files[beatFile] ?? '', performance.now());
		if (hasStopped(seen, now.ageMs)) {
			return 'dead';
		}
		await delay(lookEveryMs, signal);
		let next: LockContainer | undefined;
		try {
			signal.throwIfAborted();
			next = await control.read(name);
		} catch (error) {
			if (isUnanswered(error) && !isAborted(signal)) {
				if (signal.aborted) {
					return 'unknown';
				}
				continue;
			}
			throw error;
		}
		if (next?.id !== other.id) {
			return 'over';
		}
		now = next;
	}
}

/** Whether it was ended by the operator, and not by a deadline. */
const isAborted = ({aborted, reason}: AbortSignal): boolean => aborted && !isUnanswered(reason);

const canWrite = (control: LockControl, id: string): Promise<boolean> =>
	control.probe(id).then(
		() => true,
		// Where another one was quicker, the name tells who has it.
		(error: {statusCode?: number}) => error.statusCode === 404,
	);

/** Whether something is left to finish of a dead holder's run, as far as its journal says: also where it ended and left services stopped. */
export const leavesWork = (container: Pick<LockContainer, 'files'>): boolean =>
	isUnfinished(toRunState(parseJournal(copiedJournal(container.files)), false));

/** Whether the run came to its end, and its container is only there for those who watch. */
export const hasFinished = (container: LockContainer): boolean =>
	parseJournal(copiedJournal(container.files)).some(({event}) => event === 'finished');
