/** The Nagios words, worst first. `unknown` is what a source that is down leaves behind: it is never green. */
export type Severity = 'critical' | 'warning' | 'unknown';

/** A runbook by its id: `restart`, `purge`, `recover`, `resume`, or one of the operator's. */
export type RunbookId = string;

/** One thing that is wrong, as a rule sees it at one moment. */
export type Symptom = {
	/** `<rule>` or `<rule>:<subject>`; stable while the same thing is wrong. */
	id: string;
	severity: Severity;
	/** What is wrong, with its subject, short: `TITAN_INTENTS is full`. */
	title: string;
	/** The figures that say so, short: `64.0 of 64.0 MiB`. */
	evidence: string;
	/** The runbook that mends it. */
	runbook?: RunbookId;
	/** What a human must do where no runbook helps, or before it: `start titan-brain`. */
	advice?: string;
	/** The id of the finding that explains this one; it is folded under it. */
	cause?: string;
	/** How long it must be there without a pause before it is a finding, in milliseconds: what comes and goes by itself is none. */
	afterMs?: number;
	/** When it began, where the evidence itself says so; else it began when it was first seen. */
	beganAt?: number;
};

/** A symptom with its age: what the screen and `check` show. */
export type Finding = Symptom & {
	/** When it began, milliseconds since the epoch. */
	since: number;
	/** How long it has been there. */
	sinceMs: number;
};
