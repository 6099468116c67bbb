import {
	existsSync,
	linkSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {makePlace, type Place} from './place.ts';

const forgottenAfterMs = 60 * 60_000;

/** How often a console says that the incident goes on, milliseconds. */
export const freshEveryMs = 20_000;

/**
What this process alone knows, by the path of the incident's file: that one goes on where the file can't be written, that
one has ended where it can't be removed. A disk that is full or read-only must neither end a console nor stop its clock.
*/
const held = new Map<string, {since?: number | undefined; ended?: number | undefined}>();

/** When the incident began, milliseconds since the epoch; undefined where there is none. Never throws. */
export function readIncident(place: Place): number | undefined {
	const written = readFile(place);
	const own = held.get(place.incident);
	if (written === undefined || written === own?.ended) {
		return own?.since;
	}
	if (written === own?.since) {
		// It could be written after all: from now on it ends with its file.
		held.delete(place.incident);
	}
	return written;
}

/** Lets this process take it that an incident goes on which is not on disk, until it is ended here. */
export function holdIncident(place: Place, since: number): void {
	held.set(place.incident, {...held.get(place.incident), since});
}

/** The incident that only this process knows of, because its file can't be written. */
export function heldIncident(place: Place): number | undefined {
	const since = readIncident(place);
	return since !== undefined && since === held.get(place.incident)?.since ? since : undefined;
}

function readFile(place: Place): number | undefined {
	try {
		// A console touches the file while something is critical; one that nobody touched belongs to the past.
		if (Date.now() - statSync(place.incident).mtimeMs > forgottenAfterMs) {
			return undefined;
		}
		const {since} = JSON.parse(readFileSync(place.incident, 'utf8')) as {since?: unknown};
		return typeof since === 'number' ? since : undefined;
	} catch {
		return undefined;
	}
}

/**
Starts the incident's clock, unless it runs already. Answers since when it runs. A folder that can't be written
does not stop anything: the clock then runs in this process alone. Never throws.
*/
export function startIncident(place: Place, at: number): number {
	return readIncident(place) ?? begin(place, at);
}

function begin(place: Place, at: number): number {
	const temporary = `${place.incident}.${process.pid}`;
	try {
		makePlace(place);
		// A forgotten or damaged one; asked in this order, one that another console makes right now stays.
		if (existsSync(place.incident) && !isWritten(place)) {
			rmSync(place.incident, {force: true});
		}
		writeFileSync(temporary, `${JSON.stringify({since: at})}\n`, {mode: 0o600});
		// Not a rename: of two that start it in the same moment the second must see the first one's clock.
		linkOrRename(temporary, place.incident);
	} catch {
		// See above; or another one was quicker.
		if (!isWritten(place)) {
			holdIncident(place, at);
		}
		return readIncident(place) ?? at;
	} finally {
		remove(temporary);
	}
	held.delete(place.incident);
	return at;
}

/** Whether an incident that goes on is on disk. */
function isWritten(place: Place): boolean {
	const written = readFile(place);
	return written !== undefined && written !== held.get(place.incident)?.ended;
}

function linkOrRename(from: string, to: string): void {
	try {
		linkSync(from, to);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			throw error;
		}
		// A file system without links.
		renameSync(from, to);
	}
}

/** Ends the incident. Never throws: where its file can't be removed it is over for this process. */
export function endIncident(place: Place): void {
	const ended = readFile(place);
	if (remove(place.incident)) {
		held.delete(place.incident);
	} else {
		held.set(place.incident, {ended});
	}
}

function remove(path: string): boolean {
	try {
		rmSync(path, {force: true});
		return true;
	} catch {
		return false;
	}
}

/** Says that the incident still goes on; writes it where that was not possible before. */
export function keepIncidentFresh(place: Place): void {
	const since = heldIncident(place);
	if (since !== undefined) {
		begin(place, since);
		return;
	}
	try {
		utimesSync(place.incident, new Date(), new Date());
	} catch {
		// There is no file, or it is another user's: then its own console keeps it.
	}
}

/**
Whether a console has said in the last moments that the incident goes on. A console has watched for longer than one
look and sees what shows only over time, as a consumer that makes no progress.
*/
export function isIncidentWatched(place: Place): boolean {
	try {
		const {mtimeMs} = statSync(place.incident);
		const since = readIncident(place) ?? Number.POSITIVE_INFINITY;
		// What it was made with says nothing of how it is now.
		return mtimeMs - since > freshEveryMs && Date.now() - mtimeMs < 2 * freshEveryMs;
	} catch {
		return false;
	}
}
