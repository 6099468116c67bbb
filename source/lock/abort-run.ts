import type {RunState} from '../state/run.ts';
import {seeProcess, whyNotRun} from './run-process.ts';

/** What the abort needs of this machine; a test gives its own. */
export type Signals = {
	see: typeof seeProcess;
	kill(pid: number): void;
	launcher: string;
};

/**
Asks a run to stop (SIGTERM), once its process is known to be its own.

@throws an Error with a sentence if the run is another machine's or another user's, or the process is not that run.
*/
export function abortRun(
	run: Pick<RunState, 'id' | 'runbook' | 'pid' | 'pidStart' | 'machine' | 'user' | 'host' | 'remote'>,
	{see, kill, launcher}: Signals = {
		see: seeProcess,
		kill: (pid) => void process.kill(pid, 'SIGTERM'),
		launcher: process.argv[1] ?? '',
	},
): void {
	const {pid, user, host} = run;
	if (run.remote) {
		throw new Error(
			`This run is ${user}'s on ${host}, and can only be aborted there: with a on a console of that host.`,
		);
	}
	const seen = see(pid);
	if (seen.machine !== '' && seen.start === '') {
		// It ended meanwhile; the screen shows how.
		return;
	}
	const why = whyNotRun(run, seen, launcher);
	if (why !== undefined) {
		throw new Error(
			`The run was not aborted: ${why}, so no signal was sent. Press ctrl-c in the terminal in which ${user} started it.`,
		);
	}
	try {
		kill(pid);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EPERM') {
			throw new Error(`This run is ${user}'s, and only ${user} or root can abort it.`);
		}
		// Otherwise it ended meanwhile; the screen shows how.
	}
}
