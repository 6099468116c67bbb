import {findHolder} from './find-holder.ts';
import {lockedText} from './host-lock.ts';
import {type Lockable, type RunLock, takeRunLock} from './run-lock.ts';

export type {RunLock} from './run-lock.ts';

/** Who may act on a deployment: one run at a time. */
export type Lock = {
	/** Takes the deployment for a run; see `takeRunLock`. */
	take(
		run: {run: string; runbook: string; resumes: string | undefined},
		signal: AbortSignal,
	): Promise<RunLock>;
	/** Says who has the deployment now, as a sentence; undefined when no other run has it. Never throws. */
	holder(): Promise<string | undefined>;
};

/** The lock of a deployment, on this host and in its engine. */
export const openLock = (lockable: Omit<Lockable, 'signal'>): Lock => ({
	take: (run, signal) => takeRunLock({...lockable, signal}, run),
	async holder() {
		const holder = await findHolder(lockable);
		return holder && lockedText(holder);
	},
});
