import type {CheckResult, RunResult} from '../state/run.ts';

/** What a purge takes from one consumer. */
export type ConsumerLoss = {
	consumer: string;
	/** Messages that it has never been given and now never will. */
	neverDelivered: number;
	/** Messages that it holds unacknowledged and that will not be delivered again. */
	unacknowledged: number;
	/** Of its backlog, what stays in the stream. */
	keeps: number;
};

/** What a plan removes; computed from the stream as it is read at `at`. */
export type Impact = {
	at: number;
	stream: string;
	keep: number;
	messages: number;
	removedMessages: number;
	bytes: number;
	/** An estimate: messages are taken to be of one size. */
	removedBytes: number;
	consumers: ConsumerLoss[];
	/** The largest loss of any one consumer: never delivered and unacknowledged together. */
	unprocessed: number;
};

export type PlannedStep = {
	id: string;
	title: string;
	/** What it will do, in words. */
	text: string;
	/** The equivalent shell command, where there is one. */
	command?: string;
};

/** How a run was confirmed: a key, a typed name, or `--yes` on the command line. */
export type Confirmed = {
	how: 'key' | 'typed' | '--yes';
	/** Unprocessed messages that the plan showed then; undefined where nobody looked. */
	loss?: number;
};

/** Where a run acts, without a secret. */
export type Where = {
	/** The engine's address: `unix:///var/run/docker.sock`. */
	engine: string;
	/** The engine's ID: the run is finished there alone. Undefined in journals of before 0.2. */
	engineId?: string | undefined;
	project: string;
	/** The addresses of NATS, without credentials. */
	nats: string;
	stream: string;
	consumer: string;
};

/** A consumer at one moment; counts of messages, as CONSUMER.INFO gives them. */
export type ConsumerLook = {
	name: string;
	lag: number;
	ackPending: number;
	/** The stream sequence up to which everything is acknowledged. */
	floor: number;
	redelivered: number;
};

/** A stream at one moment, as STREAM.INFO gives it. */
export type StreamLook = {
	name: string;
	messages: number;
	bytes: number;
	firstSeq: number;
	lastSeq: number;
	/** Undefined where they were not read. */
	consumers?: ConsumerLook[];
};

/** The deployment at one moment, as far as it answered. */
export type Look = {
	elapsedMs: number;
	/** What gave no answer, each as a sentence. */
	unanswered: string[];
	containers?: {service: string; status: string; health: string}[];
	server?: {healthz: string; error?: string};
	/** The run's own stream first. */
	streams?: StreamLook[];
	/** Streams that are there and not in `streams`: it is bounded. */
	moreStreams?: number;
};

/** What a line of the journal says. */
export type JournalEntry =
	| {
			event: 'started';
			run: string;
			runbook: string;
			title: string;
			deployment: string;
			host: string;
			user: string;
			origin: string;
			pid: number;
			/** The process's start time in clock ticks (/proc/<pid>/stat, field 22): a pid alone can be another's. */
			pidStart: string;
			/** Where `pid` means something: a boot of a machine and a namespace of process ids. */
			machine?: string;
			version: string;
			steps: PlannedStep[];
			impact?: Impact;
			confirmed: Confirmed;
			backup: boolean;
			/** The unfinished run that this one finishes. */
			resumes?: string;
			/** Undefined in journals of 0.1. */
			where?: Where;
	  }
	/** What the preflight found, before anything was touched. */
	| {event: 'preflight'; checks: CheckResult[]}
	/** Before the first step that touches anything, and after the last. */
	| ({event: 'snapshot'; when: 'before' | 'after'} & Look)
	| {
			event: 'step';
			step: string;
			status: 'running' | 'done' | 'failed' | 'skipped';
			text?: string;
			command?: string;
	  }
	| {event: 'progress'; step: string; text?: string; fraction?: number}
	/** Written before the services are stopped: what must be started again. */
	| {
			event: 'stopping';
			services: string[] /** Their containers that ran, by their ids. */;
			containers?: string[];
	  }
	| {event: 'restored'; services: string[]}
	/** `removed` counts messages; `backup` is the folder that holds them. */
	| {event: 'lost'; text: string; removed?: number; backup?: string}
	| ({event: 'check'} & CheckResult)
	/** What whoever reads the record should know of the run. */
	| {event: 'note'; text: string}
	| {event: 'aborting'; reason: string}
	| {event: 'finished'; result: RunResult; checks: CheckResult[]; elapsedMs: number; error?: string};

/** A line of the journal, and a line of `jetmedic run --json`, with its time in milliseconds since the epoch: one JSON object a line. */
export type JournalEvent = {at: number} & JournalEntry;
