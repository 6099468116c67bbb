import type {LockContainer, LockReader} from '../clients/docker/lock-container.ts';
import {hideSecrets} from '../records/hide-secrets.ts';
import {parseJournal} from '../records/journal.ts';
import {toRunState} from '../records/run-state.ts';
import type {RunState} from '../state/run.ts';
import {lockName} from './engine-lock.ts';
import {hasStopped, type SeenBeat, seeBeat, stoppedAfterMs} from './heartbeat.ts';
import {fromLabels, isRunningHere} from './holder.ts';
import {beatFile, copiedJournal} from './journal-copy.ts';

/** A run as the engine shows it, how much of its journal there is, and the killed runs that it or one before it finished. */
export type EngineRun = {run: RunState; size: number; finishes: string[]};

/**
What sees the run that has a deployment, whoever's it is, look after look.

@param isOwn - Whether a run's journal is on this machine, where it says more: then it is not read from the engine.
@returns What looks: undefined where no other's run is to be seen. @throws when the engine can't be asked.
*/
export function engineRuns(
	reader: LockReader,
	project: string,
	isOwn: (run: string) => boolean,
): () => Promise<EngineRun | undefined> {
	const name = lockName(project);
	let seen: SeenBeat | undefined;
	let ended: {id: string; run: EngineRun} | undefined;
	return async () => {
		const found = await reader.find(name);
		if (!found || isOwn(fromLabels(found.labels).run)) {
			return undefined;
		}
		if (ended?.id === found.id) {
			return ended.run;
		}
		const container = await reader.read(name);
		if (!container) {
			return undefined;
		}
		seen = seeBeat(seen, container.id, container.files[beatFile] ?? '', performance.now());
		const shown = toEngineRun(container, !hasStopped(seen));
		ended = shown?.run.result === undefined ? undefined : {id: container.id, run: shown};
		return shown;
	};
}

/** @param beats - What was heard of its heart so far; one look tells by the engine's own clock. */
function toEngineRun(container: LockContainer, beats: boolean): EngineRun | undefined {
	const text = copiedJournal(container.files);
	const isNew = container.ageMs === undefined || container.ageMs < stoppedAfterMs;
	const holder = fromLabels(container.labels);
	const alive = isRunningHere(holder) ?? (beats && isNew);
	const run = toRunState(
		parseJournal(text).map((event) => hideSecrets(event, [])),
		alive,
	);
	return run && {run, size: text.length, finishes: holder.finishes};
}
