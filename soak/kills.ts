import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {mend} from '../lab/lab.ts';
import {listJournals} from '../source/records/journal.ts';
import type {Place} from '../source/records/place.ts';
import {newestRun} from '../source/sources/runs.ts';
import {isUnfinished} from '../source/state/run.ts';
import {LAUNCHER} from '../test/e2e/terminal.ts';
import {placeUnder} from '../test/place-in.ts';
import {running, SERVICES} from './services.ts';

const runbooks = ['restart', 'purge', 'recover'] as const;
/** Longer than a run takes, so that some of them end by themselves. */
const longestMs = 3500;
/** How often the resumption is killed too. */
const againShare = 0.3;

/**
Kills runs with -9 at random moments, and their resumptions, and looks whether in the end every service runs and the
journal is whole.

@param times - How many runs.
@returns What went wrong, a sentence each; empty where nothing did.
*/
export async function kills(times: number, say: (text: string) => void): Promise<string[]> {
	const state = mkdtempSync(join(tmpdir(), 'jetmedic-soak-'));
	const place = placeUnder(state);
	const faults: string[] = [];
	const counts = {killed: 0, ended: 0, resumptions: 0};
	try {
		await mend();
		for (let time = 1; time <= times; time++) {
			const runbook = runbooks[Math.floor(Math.random() * runbooks.length)]!;
			const afterMs = Math.random() * longestMs;
			const killed = await killedAfter(afterMs, ['run', runbook, '--yes'], state);
			counts[killed ? 'killed' : 'ended']++;
			while (isUnfinished(newestRun(place))) {
				counts.resumptions++;
				await killedAfter(
					Math.random() < againShare ? Math.random() * longestMs : Number.POSITIVE_INFINITY,
					['run', '--resume', '--yes'],
					state,
				);
			}
			const what = `run ${time}, ${runbook} killed after ${Math.round(afterMs)} ms`;
			faults.push(...(await look(place)).map((fault) => `${what}: ${fault}`));
			if (time % 10 === 0 || time === times) {
				say(
					`${time} of ${times}: ${counts.killed} killed, ${counts.ended} ended before, ${counts.resumptions} resumptions, ${faults.length} faults`,
				);
			}
		}
		return faults;
	} finally {
		rmSync(state, {recursive: true, force: true});
		await mend();
	}
}

/** Starts jetmedic and kills it; answers whether it was killed before its end. */
async function killedAfter(ms: number, args: string[], state: string): Promise<boolean> {
	const child = spawn(process.execPath, [LAUNCHER, ...args, '--state-dir', state], {stdio: 'ignore'});
	const timer = Number.isFinite(ms) ? setTimeout(() => child.kill('SIGKILL'), ms) : undefined;
	const signal = await ended(child);
	clearTimeout(timer);
	return signal === 'SIGKILL';
}

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
	new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (_code, signal) => resolve(signal));
	});

async function look(place: Place): Promise<string[]> {
	const faults: string[] = [];
	const deadline = performance.now() + 30_000;
	let up = await running();
	// A restart that the engine was doing when the run was killed ends a little later.
	while (up.length < SERVICES.length && performance.now() < deadline) {
		await sleep(200);
		up = await running();
	}
	const down = SERVICES.filter((service) => !up.includes(service));
	if (down.length > 0) {
		faults.push(`does not run: ${down.join(', ')}`);
	}
	for (const path of listJournals(place)) {
		const torn = readFileSync(path, 'utf8')
			.split('\n')
			.slice(0, -1)
			.filter((line) => !isObject(line));
		if (torn.length > 0) {
			faults.push(`a torn line in ${path}`);
		}
	}
	return faults;
}

function isObject(line: string): boolean {
	try {
		return typeof JSON.parse(line) === 'object';
	} catch {
		return false;
	}
}
