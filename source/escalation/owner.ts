import {
	type EscalationRecord,
	isSettled,
	readEscalation,
	writeEscalation,
} from '../records/escalation-record.ts';
import {machineId} from '../records/machine.ts';
import type {Place} from '../records/place.ts';
import {processStart} from '../records/process.ts';

/** The record of an escalation in the hands of the process that waits and sends. */
export type OwnedRecord = {
	/** What is known; newer than what is on disk where that can't be written. */
	readonly now: EscalationRecord;
	/** Whether what is known is on disk. */
	readonly isWritten: boolean;
	/** Changes the record. A disk that is full must not keep anybody from being told, so that what can't be written is kept here. Never throws. */
	write(change: Partial<EscalationRecord>): void;
	/**
	Reads the record again, and takes over whom another process has told meanwhile.

	@returns Whether it is another process's by now: the lock is not seen across network namespaces, so that the last one
	to write its record is the one that sends.
	*/
	isTaken(): boolean;
};

/** Whether the record is this very process's. */
export const isOwn = (record: EscalationRecord): boolean => ownerOf(record) === ownerOf(thisProcess());

const thisProcess = (): Pick<EscalationRecord, 'machine' | 'pid' | 'pidStart'> => ({
	machine: machineId(),
	pid: process.pid,
	pidStart: processStart(process.pid),
});

const ownerOf = ({
	machine = '',
	pid,
	pidStart,
}: Pick<EscalationRecord, 'machine' | 'pid' | 'pidStart'>): string => `${machine} ${pid} ${pidStart}`;

/**
Makes this process the owner of an incident's record.

@param before - The record of one that no longer works on it.
*/
export function ownRecord(
	place: Place,
	facts: Pick<EscalationRecord, 'since' | 'dueAt' | 'to'>,
	before: EscalationRecord | undefined,
): OwnedRecord {
	let now: EscalationRecord = {
		...facts,
		attempts: before?.attempts ?? 0,
		delivered: before?.delivered ?? [],
		...thisProcess(),
	};
	const mine = ownerOf(now);
	const earlier = before && ownerOf(before);
	let isWritten = false;
	/** What is on disk, with whom another process has told taken over. */
	const seeAgain = (): EscalationRecord | undefined => {
		const seen = readEscalation(place, now.since);
		now = {...now, delivered: [...new Set([...now.delivered, ...(seen?.delivered ?? [])])]};
		return seen;
	};
	const write = (change: Partial<EscalationRecord>): void => {
		now = {...now, ...change};
		seeAgain();
		try {
			writeEscalation(place, now);
			isWritten = true;
		} catch {
			isWritten = false;
		}
	};
	write({});
	return {
		get now() {
			return now;
		},
		get isWritten() {
			return isWritten;
		},
		write,
		isTaken() {
			const seen = seeAgain();
			if (seen === undefined || ownerOf(seen) === mine) {
				return false;
			}
			// Where nothing can be written, the earlier one's is still there.
			return isSettled(seen) || ownerOf(seen) !== earlier;
		},
	};
}
