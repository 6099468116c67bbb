import {readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {makePlace, type Place} from './place.ts';

const forgottenAfterMs = 60 * 60_000;

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
	try {
		makePlace(place);
		const temporary = `${place.incident}.${process.pid}`;
		writeFileSync(temporary, `${JSON.stringify({since: at})}\n`, {mode: 0o600});
		renameSync(temporary, place.incident);
	} catch {
		// See above.
	}
	return at;
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
