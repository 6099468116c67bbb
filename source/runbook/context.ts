import type {Config} from '../config/schema.ts';
import type {Control, Deployment} from '../deployment/deployment.ts';
import type {StreamInfo} from '../deployment/jetstream.ts';
import type {Lock} from '../lock/lock.ts';
import type {Confirmed, JournalEntry} from '../records/event.ts';
import type {Records} from '../records/records.ts';
import type {SavedStream} from '../records/saved-configs.ts';
import type {Pins} from './identity/pins.ts';
import type {ConfirmAgain} from './planned.ts';

/** What can be read of a deployment: enough for a plan, not enough to change anything. */
export type ReadContext = {
	config: Config;
	deployment: Deployment;
	records: Records;
	lock: Lock;
	signal: AbortSignal;
	/** Called by a run once the incident's clock runs, so that somebody sees to its escalation. */
	onIncident?(): void;
};

/** What a step works with. Only an executing run has one. */
export type RunContext = ReadContext & {
	control: Control;
	backup: boolean;
	/** What the plan was made of; what the run itself makes is added. */
	pins: Pins;
	confirmed: Confirmed;
	confirmAgain?: ConfirmAgain | undefined;
	/** Awaited before each stop, restart and purge, and before a command of the operator's. @throws when the deployment is no longer this run's. */
	confirmLock(): Promise<void>;
	/** Says how far the step is; shown live. */
	progress(text: string, fraction?: number): void;
	/** Writes a line of the journal, with the time: it is on disk when this returns. @throws when it cannot be written. */
	write(entry: JournalEntry): void;
	/** What steps leave for later ones. */
	memory: {
		/** Services that the run acted on. */
		touched?: Set<string>;
		/** Services that the run stopped. */
		stopped?: Set<string>;
		/** Containers that the run, or the killed one that it finishes, stopped, by their ids. */
		stoppedContainers?: Set<string>;
		/** The stream was given back with its messages, so there is nothing to back up or to purge. */
		readopted?: boolean;
		/** The stream before anything was touched; undefined when it did not answer. */
		streamAtStart?: StreamInfo;
		/** The configurations that were saved before anything was touched: a console may save others meanwhile. */
		saved?: SavedStream | undefined;
		/** What this run created from them. */
		recreated?: {stream: boolean; consumers: string[]};
		/** The stream of the plan was deleted by somebody else during the run, as a sentence. */
		lostStream?: string;
		backup?: {folder: string; lastSeq: number};
		purge?: {
			keep: number | 'nothing';
			firstSeq: number;
			lastSeqBefore: number;
			lastSeqAfter: number;
			messagesAfter: number;
			removed: number;
		};
	};
};
