import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';
import type {Journal} from './journal.ts';
import type {LastSeen} from './last-seen.ts';
import type {SavedStream} from './saved-configs.ts';

export type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';

/**
THE OTHER HALF OF THE SEAM: everything that a run reads from the state folder and writes to it. The real form is `openRecords`;
the tests' world has one in memory, whose disk can be full.
*/
export type Records = {
	readonly backups: Backups;
	/** The last seen configuration of a stream and its durable consumers; undefined when it was never seen. Never throws. */
	savedStream(name: string): SavedStream | undefined;
	/** Saves a stream and its consumers as the server gives them. Never throws: what was saved before stays. */
	remember(stream: StreamInfo, consumers: ConsumerInfo[]): void;
	/**
	What the console remembers of a consumer that is gone. Never throws.

	@param createdAt - When the stream was created, milliseconds since the epoch.
	*/
	lastSeen(stream: string, consumer: string, createdAt: number, now: number): LastSeen | undefined;
	/**
	Why a run could not keep its journal, as a sentence; undefined if it could. It writes a few kilobytes and removes them, since
	a full disk shows only then. Never throws.
	*/
	trouble(): string | undefined;
	/** That the records go with the container that this process runs in, as a sentence; undefined when they do not. Never throws. */
	fleeting(): string | undefined;
	/**
	A new journal.

	@param engine - The ID of the engine that the run acts on.
	@throws a sentence when it cannot be created, or these are the records of another engine.
	*/
	createJournal(run: string, engine: string): Promise<Journal>;
	/** Starts the incident's clock unless it runs. Answers since when it runs, milliseconds since the epoch. Never throws. */
	startIncident(at: number): number;
	/** Ends the incident. Never throws. */
	endIncident(): void;
	/** Who runs this, as the journal names it. */
	runner(): Runner;
};

/** Where backups go. */
export type Backups = {
	readonly folder: string;
	/** The folder of a backup of this name. */
	folderOf(name: string): string;
	/** The bytes that are free there. @throws when it does not answer. */
	freeBytes(): Promise<number>;
	/** What a backup leaves free, bytes. */
	readonly reserveBytes: number;
	/** Removes what killed backups left, and answers the names. Never throws. */
	removeLeft(): Promise<string[]>;
};

/** The process of a run, and who started it from where. */
export type Runner = {
	user: string;
	origin: string;
	host: string;
	pid: number;
	/** See `processStart`. */
	pidStart: string;
	/** See `machineId`. */
	machine: string;
	version: string;
};
