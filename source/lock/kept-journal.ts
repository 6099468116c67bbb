import {join} from 'node:path';
import type {LockContainer} from '../clients/docker/lock-container.ts';
import {fileTrouble} from '../records/file-trouble.ts';
import {hideSecrets} from '../records/hide-secrets.ts';
import {parseJournal, readJournal} from '../records/journal.ts';
import {isRunId} from '../records/names.ts';
import {statOwn, syncFolder, writeWhole} from '../records/own-file.ts';
import {makePlace, type Place} from '../records/place.ts';
import {copiedJournal} from './journal-copy.ts';

/** The journal of a killed run can't be kept here, so its only record stays in the engine. */
export class UnkeptError extends Error {
	override name = 'UnkeptError';
}

const pathOf = (place: Place, run: string): string => join(place.runs, `${run}.jsonl`);

// A journal that was kept here is written no more: that also tells it from those that were begun here.
const keptMode = 0o400;
const ownMode = 0o600;
const ownerWrites = 0o200;

/** Whether a run's journal was begun here, and not kept from the engine. */
export function isOwnRun(place: Place, run: string): boolean {
	try {
		return isRunId(run) && (statOwn(pathOf(place, run)).mode & ownerWrites) !== 0;
	} catch {
		return false;
	}
}

/**
Keeps the journal of another's dead run among the own ones, where the next plan finds it: on disk when this returns.
Answers whether it was not there before, or not whole.

@throws UnkeptError when it can't be written; nothing of it is left then.
*/
export function keepJournal(place: Place, run: string, container: Pick<LockContainer, 'files'>): boolean {
	const events = parseJournal(copiedJournal(container.files));
	if (!isRunId(run) || events.length === 0) {
		return false;
	}
	const path = pathOf(place, run);
	if (linesOf(path) >= events.length) {
		return false;
	}
	try {
		makePlace(place);
		const lines = events.map((event) => `${JSON.stringify(hideSecrets(event, []))}\n`).join('');
		writeWhole(path, lines, isOwnRun(place, run) ? ownMode : keptMode);
		syncFolder(place.runs);
		return true;
	} catch (error) {
		throw new UnkeptError(
			`The run ${run} was killed, and the engine holds its only journal, which cannot be saved here. ${fileTrouble(place.runs, error)}. Fix that, then start again.`,
		);
	}
}

function linesOf(path: string): number {
	try {
		return readJournal(path).length;
	} catch {
		return 0;
	}
}
