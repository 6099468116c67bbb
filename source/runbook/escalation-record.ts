import {closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import type {ObservationOf} from '../state/observation.ts';
import type {EscalationState} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';
import {readIncident} from './incident.ts';
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
};

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
	} finally {
		closeSync(file);
	}
	renameSync(temporary, place.escalation);
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
	const {since: _, pid, pidStart, ...known} = record;
	return {
		kind: 'incident',
		since,
		escalation: {...known, alive: !isSettled(record) && isAlive(pid, pidStart)},
		at,
	};
}
