/** One thing that was to be proved, with what was seen. */
export type CheckResult = {
	name: string;
	ok: boolean;
	evidence: string;
	/** How long it took to hold, or was tried, in milliseconds. */
	ms?: number;
	/** What to try next, where it does not hold. */
	next?: string;
};

export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export type RunResult = 'verified' | 'unverified' | 'failed' | 'aborted';

/** One execution of a runbook as the journal tells it. */
export type RunState = {
	id: string;
	runbook: string;
	title: string;
	deployment: string;
	host: string;
	user: string;
	/** `ssh from 10.0.0.7`, `local`. */
	origin: string;
	pid: number;
	/** When the process started, and where its pid means something: what tells it from another one of that number. */
	pidStart?: string;
	machine?: string;
	startedAt: number;
	/** The time of the newest line. */
	at: number;
	steps: {
		id: string;
		title: string;
		/** What will happen, in words, or what did. */
		text: string;
		/** The equivalent shell command. */
		command?: string;
		status: StepStatus;
		startedAt?: number;
		endedAt?: number;
		/** How far it is, in words, while it runs. */
		progress?: string;
		/** 0 to 1, where it is known. */
		fraction?: number;
	}[];
	/** Services that the run stopped and has not started again yet. */
	stopped: string[];
	/** Their containers that it stopped, by their ids: the others were stopped before. Undefined in journals of before 0.2. */
	stoppedContainers?: string[];
	/** What the plan counted before anything was removed, where it purges. */
	removes?: {messages: number};
	/** The killed run that this one finishes. */
	resumes?: string;
	/** The run of another user or host that finished this one. */
	finishedBy?: string;
	/** Where it acted: the engine's ID and the Compose project; undefined in journals of before 0.2. */
	engineId?: string;
	project?: string;
	/** What to know of the run besides its steps, in a sentence. */
	note?: string;
	/** What the run removed, in a sentence. */
	lost?: string;
	/** What happens if the run stops now, in a sentence. */
	ifStopped?: string;
	checks: CheckResult[];
	result?: RunResult;
	error?: string;
	endedAt?: number;
	/** Its process is on another machine or in a container: it can't be signalled from here. */
	remote?: true;
	/** False when there is no result and the process is gone: the run was killed. */
	alive: boolean;
};

/** Whether the run goes on. */
export const isLive = (run: RunState | undefined): boolean => run?.alive === true && run.result === undefined;

/** Whether the run's process died without a result, and no other run finished it. */
export const wasKilled = (run: RunState): boolean =>
	!run.alive && run.result === undefined && run.finishedBy === undefined;

/** Whether something is left to finish of a run: it was killed, or it ended and could not start again what it had stopped. */
export const isUnfinished = (run: RunState | undefined): boolean =>
	run !== undefined &&
	!run.alive &&
	run.finishedBy === undefined &&
	(run.result === undefined || run.stopped.length > 0);

/** Services come up one after the other once a run has ended, and figures move a moment later. */
const runSlackMs = 5000;

/** Of the runs before the newest one so many are known: what they did is news for ten minutes. */
const maxEarlier = 10;

/** The runs before the newest one, the newest first, after another one was seen. */
export function earlierRuns(
	{run: before, earlierRuns: known}: {run?: RunState; earlierRuns?: readonly RunState[]},
	run: RunState | undefined,
): readonly RunState[] | undefined {
	if (before === undefined || before.id === run?.id) {
		return known;
	}
	// One whose end was not seen ended with its last word.
	const others = (known ?? []).filter(({id}) => id !== before.id);
	return [{...before, alive: false}, ...others].slice(0, maxEarlier);
}

/**
Whether something happened while a run went on, or right after it: then the run did it.

@param state - The newest run, and those before it that this console knows.
@param from - Where it is only known to have happened between two looks, the first of them.
*/
export const isByRun = (
	{run, earlierRuns: earlier = []}: {run?: RunState; earlierRuns?: readonly RunState[]},
	at: number,
	from = at,
): boolean =>
	(run !== undefined && isDuring(run, at, from)) || earlier.some((one) => isDuring(one, at, from));

function isDuring(run: RunState, at: number, from: number): boolean {
	// A run that was killed without a result ended with its last word.
	const endedAt = run.endedAt ?? (run.alive ? Number.POSITIVE_INFINITY : run.at);
	return endedAt !== undefined && at >= run.startedAt && from <= endedAt + runSlackMs;
}
