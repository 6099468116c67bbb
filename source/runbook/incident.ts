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

/** When the incident began, milliseconds since the epoch; undefined where there is none. */
export function readIncident(place: Place): number | undefined {
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
does not stop anything: the clock then runs in this process alone.
*/
export function startIncident(place: Place, at: number): number {
	const running = readIncident(place);
	if (running !== undefined) {
		return running;
	}
	const temporary = `${place.incident}.${process.pid}`;
	try {
		makePlace(place);
		// A forgotten or damaged one; asked in this order, one that another console makes right now stays.
		if (existsSync(place.incident) && readIncident(place) === undefined) {
			rmSync(place.incident, {force: true});
		}
		writeFileSync(temporary, `${JSON.stringify({since: at})}\n`, {mode: 0o600});
		// Not a rename: of two that start it in the same moment the second must see the first one's clock.
		linkOrRename(temporary, place.incident);
	} catch {
		// See above; or another one was quicker.
		return readIncident(place) ?? at;
	} finally {
		rmSync(temporary, {force: true});
	}
	return at;
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

/** Ends the incident. */
export function endIncident(place: Place): void {
	rmSync(place.incident, {force: true});
}

/** Says that the incident still goes on. */
export function keepIncidentFresh(place: Place): void {
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
