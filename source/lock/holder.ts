import * as z from 'zod';
import {machineId} from '../records/machine.ts';
import {isRunId} from '../records/names.ts';
import {livenessOf, processStart} from '../records/process.ts';
import {whoAmI} from '../records/who.ts';
import {formatTimeOfDay} from '../text/duration.ts';
import {sanitize} from '../text/sanitize.ts';

/** The run that has a deployment: whose it is, and which process. */
export type Holder = {
	run: string;
	runbook: string;
	user: string;
	host: string;
	/** `ssh from 10.0.0.7`, `local`. */
	origin: string;
	/** By its own clock. */
	since: number;
	pid: number;
	pidStart: string;
	/** Where `pid` means something. */
	machine: string;
	/** Killed runs that it finishes, or that one before it finished, whose owner may not know that yet. */
	finishes: string[];
};

const prefix = 'io.jetmedic.';

/** This process as the holder of a run. */
export const holderHere = (run: string, runbook: string, env: NodeJS.ProcessEnv): Holder => ({
	run,
	runbook,
	...whoAmI(env),
	since: Date.now(),
	pid: process.pid,
	pidStart: processStart(process.pid),
	machine: machineId(),
	finishes: [],
});

/** A holder as the labels of its container. */
export const toLabels = (holder: Holder): Record<string, string> =>
	Object.fromEntries(Object.entries(holder).map(([name, value]) => [`${prefix}${name}`, String(value)]));

const text = z
	.string()
	.catch('')
	.transform((value) => sanitize(value, 100));
// It becomes the name of a file.
const runOf = (value: string): string => (isRunId(value) ? value : '');
const maxFinishes = 8;
const schema = z.object({
	run: text.transform(runOf),
	runbook: text,
	user: text,
	host: text,
	origin: text,
	since: z.coerce.number().catch(0),
	pid: z.coerce.number().int().positive().catch(0),
	pidStart: text,
	machine: text,
	finishes: z
		.string()
		.catch('')
		.transform((value) => value.slice(0, 2000).split(',').map(runOf).filter(Boolean).slice(-maxFinishes)),
});

/** The holder that labels name; what they do not say is empty. Never throws. */
export const fromLabels = (labels: Record<string, unknown>): Holder =>
	schema.parse(
		Object.fromEntries(
			Object.entries(labels)
				.filter(([name]) => name.startsWith(prefix))
				.map(([name, value]) => [name.slice(prefix.length), value]),
		),
	);

/** Whether it is the same run of the same process, which may have come from labels or not. */
export function isSameRun(one: Holder, other: Holder): boolean {
	const [a, b] = [one, other].map((holder) => fromLabels(toLabels(holder)));
	return (
		a!.run !== '' && (['run', 'pid', 'pidStart', 'machine'] as const).every((name) => a![name] === b![name])
	);
}

/** Whether the holder's process runs; undefined where that can't be told here: another machine's, or one that is hidden. */
export const isRunningHere = ({machine, pid, pidStart}: Holder): boolean | undefined =>
	machine !== '' && machine === machineId() && pid > 0 ? livenessOf(pid, pidStart) : undefined;

/** Whose run it is, in words: `restart by ana on prod-1 (ssh from 10.0.0.7) since 14:03:11`. */
export function holderText({runbook, user, host, origin, since}: Holder): string {
	return [
		runbook,
		user && `by ${user}`,
		host && `on ${host}`,
		origin && `(${origin})`,
		since > 0 ? `since ${formatTimeOfDay(since)}` : '',
	]
		.filter(Boolean)
		.join(' ');
}
