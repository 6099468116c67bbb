import type {ObservationOf} from '../state/observation.ts';
import type {EscalationState} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';
import {clockShiftMs, readIncident} from './incident.ts';
import {machineId} from './machine.ts';
import {readOwn, statOwn, touchOwn, writeWhole} from './own-file.ts';
import {makePlace, type Place} from './place.ts';
import {isAlive} from './process.ts';

/** How far the escalation of one incident is: the file beside the incident's. */
export type EscalationRecord = Omit<EscalationState, 'alive'> & {
	/** The incident that it belongs to. */
	since: number;
	/** The process that waits and sends. */
	pid: number;
	/** When that process started (see `processStart`). */
	pidStart: string;
	/** What `pid` is valid in (see `machineId`). */
	machine?: string;
};

/** How often a process that waits says that it does, milliseconds. */
export const saidEveryMs = 30_000;
/** A process of another machine or container that has said nothing for this long is gone. It looks for a minute without a word. */
const silentMs = 120_000;

const maxBytes = 256 << 10;

/** The record of an incident's escalation; undefined where there is none of this incident. */
export function readEscalation(place: Place, since: number): EscalationRecord | undefined {
	try {
		const record = JSON.parse(readOwn(place.escalation, maxBytes)) as EscalationRecord;
		if (record.since !== since || !Array.isArray(record.to) || !Array.isArray(record.delivered)) {
			return undefined;
		}
		const words = (texts: unknown[]): string[] => texts.map((text) => sanitize(String(text), 60));
		return {
			...record,
			to: words(record.to),
			delivered: words(record.delivered),
			...(record.error === undefined ? {} : {error: sanitize(String(record.error), 300)}),
		};
	} catch {
		return undefined;
	}
}

/** Writes the record; it is on disk when this returns. @throws when it can't be written. */
export function writeEscalation(place: Place, record: EscalationRecord): void {
	makePlace(place);
	writeWhole(place.escalation, `${JSON.stringify(record)}\n`);
}

/** Says that the process that waits still does. */
export function keepEscalationFresh(place: Place): void {
	try {
		touchOwn(place.escalation);
	} catch {
		// There is no file, and then nobody takes it for another's.
	}
}

/** Whether the process that the record names still waits or sends. Never throws. */
export function isAtWork(place: Place, record: EscalationRecord): boolean {
	if (isSettled(record)) {
		return false;
	}
	if (record.machine === undefined || record.machine === machineId()) {
		return isAlive(record.pid, record.pidStart);
	}
	try {
		return Date.now() - statOwn(place.escalation).mtimeMs < silentMs;
	} catch {
		return false;
	}
}

/** Whether nothing is left to do. */
export const isSettled = ({deliveredAt, failedAt}: EscalationRecord): boolean =>
	deliveredAt !== undefined || failedAt !== undefined;

/** The incident and its escalation as they are on disk, by the clock as it is set now. Never throws. */
export function observeIncident(place: Place, at: number): ObservationOf<'incident'> {
	const began = readIncident(place);
	const record = began === undefined ? undefined : readEscalation(place, began);
	const shiftMs = clockShiftMs(place);
	const since = began === undefined ? undefined : began + shiftMs;
	if (record === undefined) {
		return {kind: 'incident', since, at};
	}
	const {since: _, pid: __, pidStart: ___, machine: ____, ...known} = record;
	return {
		kind: 'incident',
		since,
		escalation: {...known, dueAt: known.dueAt + shiftMs, alive: isAtWork(place, record)},
		at,
	};
}
