import {spawn} from 'node:child_process';
import {closeSync, existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fingerprint} from '../config/fingerprint.ts';
import type {Config} from '../config/schema.ts';
import {fileTrouble} from '../records/file-trouble.ts';
import {openEmpty, readOwn} from '../records/own-file.ts';
import {makePlace, type Place} from '../records/place.ts';
import type {Plan} from '../runbook/planned.ts';
import {sanitize} from '../text/sanitize.ts';

// The plan and the lock have deadlines of their own, some seconds each.
const beginMs = 60_000;
const keptLogs = 5;

/**
Starts a run as a process of its own: a session of its own without a terminal, so that neither a dropped SSH
link nor the end of the console touches it. What it says is in its journal.

@param launcher - The file that starts jetmedic.
@param flags - The console's own flags, so that the run reads the same configuration.
@param deadlineMs - By when it must have begun: it is told to end then.
@returns Once the run has begun its journal.
@throws an Error with the run's own words when it ended before that, as where another run has the deployment; a sentence at the deadline.
*/
export function launchRun(
	place: Place,
	plan: Plan,
	config: Config,
	id: string,
	launcher: string,
	flags: string[],
	deadlineMs = beginMs,
): Promise<void> {
	// What a run says besides its journal: why it was refused, or the trace of a crash.
	const log = join(place.root, `run-${id}.log`);
	const output = openLog(place, log);
	const args = [
		launcher,
		'run',
		plan.runbook,
		'--yes',
		'--id',
		id,
		...(plan.backup ? [] : ['--no-backup']),
		// What was confirmed: this configuration, these very things, and no greater loss.
		`--fingerprint=${fingerprint(config)}`,
		`--pins=${JSON.stringify(plan.pins)}`,
		`--confirmed=${plan.confirmation.kind === 'type' ? 'typed' : 'key'}`,
		`--confirmed-loss=${plan.impact?.unprocessed ?? 0}`,
		...flags,
	];
	const child = spawn(process.execPath, args, {
		detached: true,
		stdio: ['ignore', 'ignore', output],
		cwd: process.cwd(),
	});
	child.unref();
	closeSync(output);
	return new Promise((resolve, reject) => {
		const journal = join(place.runs, `${id}.jsonl`);
		let isSettled = false;
		const settle = (done: () => void): void => {
			if (isSettled) {
				return;
			}
			isSettled = true;
			clearInterval(timer);
			clearTimeout(deadline);
			done();
		};
		// A run that has not begun has touched nothing; it must not begin once nobody waits for it any more.
		const deadline = setTimeout(() => {
			if (existsSync(journal)) {
				settle(resolve);
				return;
			}
			child.kill('SIGTERM');
			const text = `The run did not begin within ${deadlineMs / 1000} s and was told to end; nothing was touched. See whether the engine answers, and try again.`;
			settle(() => reject(new Error(text)));
		}, deadlineMs);
		const timer = setInterval(() => {
			if (existsSync(journal)) {
				settle(resolve);
			}
		}, 20);
		child.once('error', (error) => settle(() => reject(error)));
		child.once('exit', () =>
			settle(() => (existsSync(journal) ? resolve() : reject(new Error(lastLine(log))))),
		);
	});
}

/** @throws a sentence where nothing can be written there: then no run is started. */
function openLog(place: Place, path: string): number {
	try {
		makePlace(place);
		removeOldLogs(place);
		return openEmpty(path);
	} catch (error) {
		throw new Error(
			`The run was not started: it could not keep a record. ${fileTrouble(place.root, error)}.`,
		);
	}
}

/** Leaves the newest ones. A run that still writes to its own goes on. */
function removeOldLogs({root}: Place): void {
	const logs = readdirSync(root).filter((name) => /^run-.*\.log$/.test(name));
	for (const name of logs.sort().slice(0, -keptLogs)) {
		rmSync(join(root, name), {force: true});
	}
}

/** Why a run ended before its first line: the last thing that it said. */
function lastLine(path: string): string {
	const lines = readOwn(path, 1 << 20, 'end')
		.trimEnd()
		.split('\n');
	return sanitize(lines.at(-1) || 'The run ended before it began, and did not say why.', 300);
}
