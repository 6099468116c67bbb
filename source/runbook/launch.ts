import {spawn} from 'node:child_process';
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fingerprint} from '../config/fingerprint.ts';
import type {Config} from '../config/schema.ts';
import {sanitize} from '../text/sanitize.ts';
import {makePlace, type Place} from './place.ts';
import type {Plan} from './types.ts';

/**
Starts a run as a process of its own: a session of its own without a terminal, so that neither a dropped SSH
link nor the end of the console touches it. What it says is in its journal.

@param launcher - The file that starts jetmedic.
@param flags - The console's own flags, so that the run reads the same configuration.
@returns Once the run has begun its journal.
@throws an Error with the run's own words when it ended before that, as where another run has the deployment.
*/
export function launchRun(
	place: Place,
	plan: Plan,
	config: Config,
	id: string,
	launcher: string,
	flags: string[],
): Promise<void> {
	makePlace(place);
	// What a run prints outside its journal is the trace of a crash.
	const log = join(place.root, 'run.log');
	const output = openSync(log, 'a', 0o600);
	const args = [
		launcher,
		'run',
		plan.runbook,
		'--yes',
		'--id',
		id,
		...(plan.backup ? [] : ['--no-backup']),
		// What was confirmed: this configuration, and no greater loss.
		`--fingerprint=${fingerprint(config)}`,
		`--confirmed=${plan.confirmation.kind === 'type' ? 'typed' : 'key'}`,
		`--confirmed-loss=${plan.impact?.unprocessed ?? 0}`,
		...flags,
	];
	const child = spawn(process.execPath, args, {
		detached: true,
		stdio: ['ignore', output, output],
		cwd: process.cwd(),
	});
	child.unref();
	closeSync(output);
	return new Promise((resolve, reject) => {
		const journal = join(place.runs, `${id}.jsonl`);
		const settle = (done: () => void): void => {
			clearInterval(timer);
			done();
		};
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

/** Why a run ended before its first line: the last thing that it said. */
function lastLine(path: string): string {
	const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
	return sanitize(lines.at(-1) || 'The run ended before it began, and did not say why.', 300);
}
