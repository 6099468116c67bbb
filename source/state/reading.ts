import {share} from './share.ts';

/**
How far something was read. What was not read is neither fine nor missing: it is as it was when it was last read, and nobody
knows how it is now.
*/
export type Reading = {
	/**
	`part`: something of it is not known. `refused`: it was asked for, and whoever has it answered with an error.
	`unread`: nothing was understood, or it was not looked at.
	*/
	status: 'read' | 'part' | 'refused' | 'unread';
	/** When the status last changed. */
	since: number;
	/** When it was last read as a whole; undefined if it never was. */
	readAt?: number;
	/** Why it was not, in the words of an operator. */
	error?: string;
	/** Of a list that was cut: how many of how many. */
	read?: number;
	total?: number;
};

/** What a source says of a reading; the reducer adds the times. */
export type ReadingFacts = Omit<Reading, 'since' | 'readAt'>;

export const wasRead: ReadingFacts = {status: 'read'};

/** Whether something of it is not known; what was never tried is not known either. */
export const isBlind = (reading: Pick<Reading, 'status'> | undefined): boolean =>
	reading !== undefined && reading.status !== 'read';

/** The reading after another look. */
export function nextReading(previous: Reading | undefined, facts: ReadingFacts, at: number): Reading {
	const readAt = facts.status === 'read' ? at : previous?.readAt;
	return share(previous, {
		...facts,
		since: previous?.status === facts.status ? previous.since : at,
		...(readAt !== undefined && {readAt}),
	});
}

/** The reading of what is part of something that was not read, for the same reason. */
export const unreadBecause = (error: string | undefined): ReadingFacts => ({
	status: 'unread',
	...(error !== undefined && {error}),
});
