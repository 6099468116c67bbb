import {writeSync} from 'node:fs';

/** Receives one line about what the lab is doing. */
export type Progress = (line: string) => void;

/** Says nothing. */
export const quiet: Progress = () => undefined;

/** A progress that writes each line to stderr with the seconds since `startMs` (milliseconds of the epoch). */
export function timedProgress(startMs = startOfRun()): Progress {
	return (line) => {
		const seconds = ((Date.now() - startMs) / 1000).toFixed(1).padStart(5);
		// Synchronous on purpose: process.stderr would make a pipe non-blocking, which the program that `exec` becomes inherits.
		writeSync(2, `[${seconds} s] ${line}\n`);
	};
}

/** When this run began: a run that continues inside a network namespace counts on from its parent's start. */
export function startOfRun(): number {
	return Number(process.env['JETMEDIC_LAB_STARTED']) || Date.now();
}
