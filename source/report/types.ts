import type {JournalEvent} from '../records/event.ts';
import type {FindingNote} from '../records/finding-history.ts';
import type {TransferNote} from '../records/transfer-history.ts';
import type {RunState} from '../state/run.ts';

/** A run as a report tells it. */
export type ReportedRun = {
	state: RunState;
	events: JournalEvent[];
	/** Lines of its journal that could not be read: torn, of a newer version, or none at all. */
	unread: number;
	/** The journal's own file. */
	path: string;
};

/** All that a report is made of. */
export type ReportFacts = {
	deployment: string;
	host: string;
	/** When it is written, milliseconds since the epoch. */
	at: number;
	version: string;
	/** When the incident began; undefined where a single run is reported. */
	incidentSince?: number | undefined;
	/** Oldest first. */
	runs: ReportedRun[];
	findings: FindingNote[];
	/** Backups and restores that no run did. */
	transfers: TransferNote[];
};

/** The first line of a run's journal. */
export type Started = Extract<JournalEvent, {event: 'started'}>;

export const startedOf = ({events}: ReportedRun): Started | undefined =>
	events.find((event) => event.event === 'started');
