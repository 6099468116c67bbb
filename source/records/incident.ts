import {existsSync, rmSync} from 'node:fs';
import * as z from 'zod';
import {ageMs, type BootTime, bootTime} from './boot-clock.ts';
import {readOwn, statOwn, touchOwn, writeNew} from './own-file.ts';
import {makePlace, type Place} from './place.ts';

const forgottenAfterMs = 60 * 60_000;

/** How often a console says that the incident goes on, milliseconds. */
export const freshEveryMs = 20_000;

/**
What this process alone knows, by the path of the incident's file: that one goes on where the file can't be written, that
one has ended where it can't be removed. A disk that is full or read-only must neither end a console nor stop its clock.
*/
const held = new Map<
	string,
	{since?: number | undefined; ended?: number | undefined; boot?: BootTime | undefined}
>();

const schema = z.object({
	since: z.number(),
	/** When that was by a clock that nobody sets. */
	boot: z.object({machine: z.string(), upMs: z.number()}).optional().catch(undefined),
});
const maxBytes = 4096;

/** When the incident began, milliseconds since the epoch; undefined where there is none. Never throws. */
export function readIncident(place: Place): number | undefined {
	const written = readFile(place)?.since;
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
	held.set(place.incident, {...held.get(place.incident), since, boot: bootTimeOf(since)});
}

/** The incident that only this process knows of, because its file can't be written. */
export function heldIncident(place: Place): number | undefined {
	const since = readIncident(place);
	return since !== undefined && since === held.get(place.incident)?.since ? since : undefined;
}

/** How long the incident goes on, milliseconds, also where the clock was set meanwhile; 0 where there is none. Never throws. */
export function incidentAgeMs(place: Place): number {
	const since = readIncident(place);
	if (since === undefined) {
		return 0;
	}
	const own = held.get(place.incident);
	return ageMs(since, own?.since === since ? own.boot : readFile(place)?.boot);
}

// What a clock that is kept by NTP is corrected by in the time of an incident is no setting of it.
const leastShiftMs = 2000;
const shifts = new Map<string, number>();

/**
How much the wall clock was set forward since the incident began, milliseconds. Added to a time of before, it gives that time
by the clock as it is now, so that ages are right on the screen.
*/
export function clockShiftMs(place: Place): number {
	const since = readIncident(place);
	if (since === undefined) {
		shifts.delete(place.incident);
		return 0;
	}
	const shift = Date.now() - incidentAgeMs(place) - since;
	const known = shifts.get(place.incident) ?? 0;
	if (Math.abs(shift - known) < leastShiftMs) {
		return known;
	}
	shifts.set(place.incident, shift);
	return shift;
}

function readFile(place: Place): z.infer<typeof schema> | undefined {
	try {
		const known = schema.parse(JSON.parse(readOwn(place.incident, maxBytes)));
		// A console touches the file while something is critical; one that nobody touched belongs to the past. The second
		// clock is not set: an hour that the wall clock leaps over is none.
		const untouchedMs = Date.now() - statOwn(place.incident).mtimeMs;
		return Math.min(untouchedMs, ageMs(known.since, known.boot)) > forgottenAfterMs ? undefined : known;
	} catch {
		return undefined;
	}
}

/** When something was by the clock of the boot that was at `at` by the wall clock. */
function bootTimeOf(at: number): BootTime | undefined {
	const now = bootTime();
	return now && {...now, upMs: now.upMs - Math.max(0, Date.now() - at)};
}

/**
Starts the incident's clock, unless it runs already. Answers since when it runs. A folder that can't be written
does not stop anything: the clock then runs in this process alone. Never throws.
*/
export function startIncident(place: Place, at: number): number {
	return readIncident(place) ?? begin(place, at);
}

function begin(place: Place, at: number): number {
	try {
		makePlace(place);
		// A forgotten or damaged one; asked in this order, one that another console makes right now stays.
		if (existsSync(place.incident) && !isWritten(place)) {
			rmSync(place.incident, {force: true});
		}
		const boot = held.get(place.incident)?.since === at ? held.get(place.incident)?.boot : bootTimeOf(at);
		// Of two that start it in the same moment the second must see the first one's clock.
		if (!writeNew(place.incident, `${JSON.stringify({since: at, boot})}\n`)) {
			return seenOf(place, at);
		}
	} catch {
		// See above.
		return seenOf(place, at);
	}
	held.delete(place.incident);
	return at;
}

/** The clock that runs where this one could not be written: another one was quicker, or it runs in this process alone. */
function seenOf(place: Place, at: number): number {
	if (!isWritten(place)) {
		holdIncident(place, at);
	}
	return readIncident(place) ?? at;
}

/** Whether an incident that goes on is on disk. */
function isWritten(place: Place): boolean {
	const written = readFile(place)?.since;
	return written !== undefined && written !== held.get(place.incident)?.ended;
}

/** Ends the incident. Never throws: where its file can't be removed it is over for this process. */
export function endIncident(place: Place): void {
	const ended = readFile(place)?.since;
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
		touchOwn(place.incident);
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
		const {mtimeMs} = statOwn(place.incident);
		const since = readIncident(place) ?? Number.POSITIVE_INFINITY;
		// What it was made with says nothing of how it is now.
		return mtimeMs - since > freshEveryMs && Date.now() - mtimeMs < 2 * freshEveryMs;
	} catch {
		return false;
	}
}
