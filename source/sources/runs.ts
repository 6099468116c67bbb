import {watch} from 'node:fs';
import {delay} from '../clients/delay.ts';
import type {DockerClient} from '../clients/docker/client.ts';
import {openLockReader} from '../clients/docker/lock-container.ts';
import type {Config} from '../config/schema.ts';
import {type EngineRun, engineRuns} from '../lock/engine-run.ts';
import {observeIncident} from '../records/escalation-record.ts';
import {noteFinished} from '../records/finished-elsewhere.ts';
import {hasJournal, listJournals} from '../records/journal.ts';
import {newestRun} from '../records/newest-run.ts';
import {statOwn} from '../records/own-file.ts';
import {makePlace, type Place} from '../records/place.ts';
import {recordsTrouble} from '../records/trouble.ts';
import type {Emit} from '../state/observation.ts';
import {isUnfinished, type RunState} from '../state/run.ts';

export {newestRun} from '../records/newest-run.ts';

const everyMs = 500;
const recordsEveryMs = 5000;
const engineEveryMs = {live: 1000, idle: 2000} as const;

/** What the runs of a deployment are found with. */
export type Runs = {place: Place; docker: DockerClient; config: Config};

/**
Watches the journals, and the run that the engine shows, whichever user's or host's it is: emits the newest run whenever
its journal grows or its process ends, the incident's clock, and when nothing can be recorded. The file system tells at once where it can; a poll
confirms. Never throws.
*/
export function watchRuns(runs: Runs, emit: Emit, signal: AbortSignal): void {
	const {place} = runs;
	let last = '';
	let incident = '';
	let lookedAt = Number.NEGATIVE_INFINITY;
	let trouble: string | undefined;
	let others: EngineRun | undefined;
	const look = (): void => {
		const seen = observeIncident(place, Date.now());
		const {at: _, ...told} = seen;
		if (JSON.stringify(told) !== incident) {
			incident = JSON.stringify(told);
			emit(seen);
		}
		if (performance.now() - lookedAt >= recordsEveryMs) {
			lookedAt = performance.now();
			const now = recordsTrouble(place);
			if (now !== trouble) {
				trouble = now;
				const source = {kind: 'source', source: 'records', at: Date.now()} as const;
				emit(now === undefined ? {...source, status: 'up'} : {...source, status: 'down', error: now});
			}
		}
		const own = newestRun(place);
		const run = newer(own, others);
		noteOthers(place, own, others);
		const key = run === undefined ? '' : `${run.id} ${run.at} ${run.alive} ${run.result}`;
		const size = run !== own ? others!.size : run === undefined ? 0 : sizeOf(listJournals(place).at(-1)!);
		if (run !== undefined && `${key} ${size}` !== last) {
			last = `${key} ${size}`;
			emit({kind: 'run', run, at: Date.now()});
		}
	};
	try {
		makePlace(place);
		const watcher = watch(place.runs, look);
		watcher.on('error', () => watcher.close());
		signal.addEventListener('abort', () => watcher.close(), {once: true});
	} catch {
		// A folder that can't be made or watched: the poll below sees what can be seen.
	}
	const timer = setInterval(look, everyMs);
	signal.addEventListener('abort', () => clearInterval(timer), {once: true});
	look();
	void watchEngine(
		runs,
		(run) => {
			others = run;
			look();
		},
		signal,
	);
}

/** Follows the run that the engine shows, and keeps how it ended. */
async function watchEngine(
	runs: Runs,
	onRun: (run: EngineRun | undefined) => void,
	signal: AbortSignal,
): Promise<void> {
	const lookThere = engineRunsOf(runs);
	let last: EngineRun | undefined;
	while (!signal.aborted) {
		try {
			const now = await lookThere();
			const run = now ?? (last && gone(last));
			if (run) {
				last = run;
				onRun(run);
			}
		} catch {
			// The engine's own source says that it does not answer; the run is as it was last seen.
		}
		await delay(last?.run.alive ? engineEveryMs.live : engineEveryMs.idle, signal);
	}
}

/** A run whose container is gone: it has ended. */
function gone({run, ...rest}: EngineRun): EngineRun {
	return run.result !== undefined
		? {run, ...rest}
		: {
				...rest,
				run: {
					...run,
					alive: false,
					result: 'unverified',
					endedAt: run.at,
					error: `Its end was not seen from here: ${run.user} on ${run.host} has its journal.`,
				},
			};
}

const engineRunsOf = ({docker, config, place}: Runs): (() => Promise<EngineRun | undefined>) =>
	// One that is here and that this user cannot read is not known here.
	engineRuns(openLockReader(docker.endpoint), config.docker.project, (run) => hasJournal(place, run));

/**
Of the newest own run and the one that the engine shows, the one that matters now. What the engine shows without a result
has not been finished by any run since, and what it says was finished is, whatever the two hosts' clocks say.
*/
export function newer(own: RunState | undefined, other: EngineRun | undefined): RunState | undefined {
	if (!own || !other) {
		return own ?? other?.run;
	}
	const {run, finishes} = other;
	if (isUnfinished(own) && finishes.includes(own.id)) {
		return run;
	}
	const isOwnLive = own.alive && own.result === undefined;
	return isOwnLive || (run.result !== undefined && own.startedAt > run.startedAt) ? own : run;
}

/** The newest run, by one look at the own journals and at the engine. Never throws. */
export async function findRun(runs: Runs): Promise<RunState | undefined> {
	const other = await engineRunsOf(runs)().catch(() => undefined);
	const own = newestRun(runs.place);
	noteOthers(runs.place, own, other);
	return newer(own, other);
}

/** Keeps that another user's or host's run finished the own one: the engine shows it only for a while. */
function noteOthers(place: Place, own: RunState | undefined, other: EngineRun | undefined): void {
	if (
		own !== undefined &&
		isUnfinished(own) &&
		other?.finishes.includes(own.id) &&
		other.run.result !== undefined &&
		!isUnfinished(other.run)
	) {
		noteFinished(place, own.id, other.run.id, other.run.at);
	}
}

function sizeOf(path: string): number {
	try {
		return statOwn(path).size;
	} catch {
		return 0;
	}
}
