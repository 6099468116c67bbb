import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {machineId} from '../records/machine.ts';
import {processStart} from '../records/process.ts';
import type {RunState} from '../state/run.ts';

/** What a journal claims of a run's process. */
export type ClaimedRun = Pick<RunState, 'id' | 'runbook' | 'pid' | 'pidStart' | 'machine'>;

/** What this machine says of the process of that number. */
export type SeenProcess = {
	/** See `machineId`; empty if it cannot be known. */
	machine: string;
	/** See `processStart`; empty if there is none, or it cannot be known. */
	start: string;
	/** Its program and arguments; empty if there is none. */
	argv: readonly string[];
};

/**
Why a process must not be taken for a run's, whatever the journal says: another one may have its number by now, and a journal
that is read from the engine was written by whoever can write there. Undefined if boot, start and command line agree.

@param launcher - The file that started this process, whose runs have the same name.
*/
export function whyNotRun(run: ClaimedRun, seen: SeenProcess, launcher: string): string | undefined {
	if (!Number.isSafeInteger(run.pid) || run.pid <= 1) {
		return 'its journal names no process';
	}
	// Without /proc, as on macOS, there is neither; then the command line alone tells.
	if (seen.machine !== '') {
		if (run.machine !== seen.machine) {
			return 'its journal is from another machine, container or boot';
		}
		if (!run.pidStart || run.pidStart !== seen.start) {
			return `process ${run.pid} is now another process`;
		}
	}
	return isCommandOf(seen.argv, {run: run.id, runbook: run.runbook}, launcher)
		? undefined
		: `process ${run.pid} is not the run of jetmedic with this id`;
}

/** Whether a command line is that of a run of jetmedic, or of its escalation. */
export function isCommandOf(
	argv: readonly string[],
	{run: id, runbook}: {run: string; runbook: string},
	launcher: string,
): boolean {
	// Behind the program and its flags; or at the beginning, where a process has a title (`titleOf`).
	const script = argv.findIndex((word) => isLauncher(word, launcher));
	const words = script === -1 ? [] : argv.slice(script + 1);
	if (runbook === 'escalation') {
		return words.includes('escalate');
	}
	if (!words.includes('run')) {
		return false;
	}
	// A console gives its run an id; one that was typed has the name of its runbook.
	const at = words.indexOf('--id');
	const given =
		at === -1 ? words.find((word) => word.startsWith('--id='))?.slice('--id='.length) : words[at + 1];
	return given === undefined ? words.includes(runbook) || words.includes('--resume') : given === id;
}

const isLauncher = (word: string, launcher: string): boolean =>
	/^(?:jetmedic(?:\.\w+)?|cli\.(?:js|tsx?))$/.test(basename(word)) || basename(word) === basename(launcher);

/** Looks at a process. Never throws. */
export function seeProcess(pid: number): SeenProcess {
	const machine = machineId();
	return {machine, start: machine === '' ? '' : processStart(pid), argv: argvOf(pid, machine !== '')};
}

/** The program and the arguments of a process; empty if there is none. */
export function argvOf(pid: number, hasProc = true): string[] {
	try {
		return hasProc
			? wordsOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
			: execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {encoding: 'utf8', timeout: 2000})
					.trim()
					.split(/\s+/);
	} catch {
		return [];
	}
}

/** A title is one word with blanks in it. (proc_pid_cmdline(5)) */
function wordsOf(commandLine: string): string[] {
	const words = commandLine.replace(/\0+$/, '').split('\0');
	return words.length === 1 ? words[0]!.split(' ').filter(Boolean) : words;
}
