import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {LockContainer, LockControl} from '../clients/docker/lock-container.ts';
import {hasStopped, type SeenBeat, seeBeat} from './heartbeat.ts';
import {hideSecrets} from './hide-secrets.ts';
import {fromLabels, type Holder, holderText, isRunningHere, toLabels} from './holder.ts';
import {parseJournal} from './journal.ts';
import {beatFile, copiedJournal} from './journal-copy.ts';
import {LockedError} from './lock.ts';
import {makePlace, type Place} from './place.ts';
import {delay} from './wait.ts';

/** A run was killed so lately that the plan did not know of it. */
export class UnplannedError extends Error {
	override name = 'UnplannedError';

	constructor(killed: Holder) {
		super(
			`The run ${killed.run}, ${holderText(killed)}, was killed before its end, and this plan did not know. Plan it again: it will also finish that run.`,
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

@returns The container's id.
@param resumes - The killed run that this one finishes.
@throws LockedError where a run that lives has it; UnplannedError where a dead one has it that `holder` does not finish; whatever the engine answers where it can't hold such a container.
*/
export async function takeEngineLock(
	control: LockControl,
	project: string,
	{holder, resumes}: {holder: Holder; resumes: string | undefined},
	place: Place,
	signal: AbortSignal,
): Promise<string> {
	const name = lockName(project);
	let takenSince = performance.now();
	while (performance.now() - takenSince < takenForMs) {
		const id = await control.create(name, project, toLabels(holder));
		if (id !== undefined) {
			return id;
		}
		const other = await control.read(name);
		if (other) {
			await takeOver(control, name, other, resumes, place, signal);
			takenSince = performance.now();
		} else {
			await delay(retryEveryMs, signal);
		}
		signal.throwIfAborted();
	}
	throw new Error(`the name ${name} is taken by a container that can't be read`);
}

/** Removes a dead holder's container, by its id: of two who take over at once, none removes what the other one made. */
async function takeOver(
	control: LockControl,
	name: string,
	other: LockContainer,
	resumes: string | undefined,
	place: Place,
	signal: AbortSignal,
): Promise<void> {
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
			return;
		}
		if (isHere === undefined && !(await canWrite(control, other.id))) {
			// Its heart may only stand still because nothing can be written there.
			throw new LockedError(
				whose,
				`Nothing more is heard of it, and nothing can be written to the engine: free space on its disk. If you know that it is dead: docker rm -f ${name}`,
			);
		}
		if (keepJournal(place, whose.run, other) && whose.run !== resumes) {
			throw new UnplannedError(whose);
		}
	}
	await control.remove(other.id);
}

/** Listens whether another machine's run lives: its heart beats. `over` where it ended while it was listened to. */
async function listen(
	control: LockControl,
	name: string,
	other: LockContainer,
	signal: AbortSignal,
): Promise<'lives' | 'dead' | 'over'> {
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
		signal.throwIfAborted();
		const next = await control.read(name);
		if (next?.id !== other.id) {
			return 'over';
		}
		now = next;
	}
}

const canWrite = (control: LockControl, id: string): Promise<boolean> =>
	control.probe(id).then(
		() => true,
		// Where another one was quicker, the name tells who has it.
		(error: {statusCode?: number}) => error.statusCode === 404,
	);

/** Whether the run came to its end, and its container is only there for those who watch. */
export const hasFinished = (container: LockContainer): boolean =>
	parseJournal(copiedJournal(container.files)).some(({event}) => event === 'finished');

/**
Keeps the journal of another's dead run among the own ones, where the next plan finds it. Answers whether it was not there
before. A folder that can't be written stops nothing.
*/
function keepJournal(place: Place, run: string, container: LockContainer): boolean {
	const events = parseJournal(copiedJournal(container.files));
	if (run === '' || events.length === 0) {
		return false;
	}
	const text = events.map((event) => `${JSON.stringify(hideSecrets(event, []))}\n`).join('');
	try {
		makePlace(place);
		writeFileSync(join(place.runs, `${run}.jsonl`), text, {flag: 'wx', mode: 0o600});
		return true;
	} catch {
		// It is there already, or the disk is full: the run that takes over says the same where it begins its own.
		return false;
	}
}
