import {
	closeSync,
	fsyncSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import type {ObservationOf} from '../state/observation.ts';
import type {EscalationState} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';
import {readIncident} from './incident.ts';
import {machineId} from './machine.ts';
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

/** The record of an incident's escalation; undefined where there is none of this incident. */
export function readEscalation(place: Place, since: number): EscalationRecord | undefined {
	try {
		const record = JSON.parse(readFileSync(place.escalation, 'utf8')) as EscalationRecord;
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
	const temporary = `${place.escalation}.${process.pid}`;
	const file = openSync(temporary, 'w', 0o600);
	try {
		writeFileSync(file, `${JSON.stringify(record)}\n`);
		fsyncSync(file);
		renameSync(temporary, place.escalation);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw error;
	} finally {
		closeSync(file);
	}
}

/** Says that the process that waits still does. */
export function keepEscalationFresh(place: Place): void {
	try {
		utimesSync(place.escalation, new Date(), new Date());
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
		return Date.now() - statSync(place.escalation).mtimeMs < silentMs;
	} catch {
		return false;
	}
}

/** Whether nothing is left to do. */
export const isSettled = ({deliveredAt, failedAt}: EscalationRecord): boolean =>
	deliveredAt !== undefined || failedAt !== undefined;

/** The incident and its escalation as they are on disk. Never throws. */
export function observeIncident(place: Place, at: number): ObservationOf<'incident'> {
	const since = readIncident(place);
	const record = since === undefined ? undefined : readEscalation(place, since);
	if (record === undefined) {
		return {kind: 'incident', since, at};
	}
	const {since: _, pid: __, pidStart: ___, machine: ____, ...known} = record;
	return {
		kind: 'incident',
		since,
		escalation: {...known, alive: isAtWork(place, record)},
		at,
	};
}
