import {statSync, watch} from 'node:fs';
import type {Emit} from '../state/observation.ts';
import type {RunState} from '../state/run.ts';
import {observeIncident} from './escalation-record.ts';
import {listJournals, readJournal} from './journal.ts';
import {makePlace, type Place} from './place.ts';
import {toRunState} from './run-state.ts';

const everyMs = 500;

/**
Watches the journals: emits the newest run whenever its journal grows or its process ends, and the incident's
clock. The file system tells at once where it can; a poll confirms. Never throws.
*/
export function watchRuns(place: Place, emit: Emit, signal: AbortSignal): void {
	let last = '';
	let incident = '';
	const look = (): void => {
		const seen = observeIncident(place, Date.now());
		const {at: _, ...told} = seen;
		if (JSON.stringify(told) !== incident) {
			incident = JSON.stringify(told);
			emit(seen);
		}
		const run = newestRun(place);
		const key = run === undefined ? '' : `${run.id} ${run.at} ${run.alive} ${run.result}`;
		const size = run === undefined ? 0 : sizeOf(listJournals(place).at(-1)!);
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
}

/** The newest run of a deployment, or undefined where there never was one. Never throws. */
export function newestRun(place: Place): RunState | undefined {
	const path = listJournals(place).at(-1);
	if (path === undefined) {
		return undefined;
	}
	try {
		return toRunState(readJournal(path));
	} catch {
		return undefined;
	}
}

function sizeOf(path: string): number {
	try {
		return statSync(path).size;
	} catch {
		return 0;
	}
}
