import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync} from 'node:fs';
import {join} from 'node:path';
import {escalationTargets} from '../config/escalation.ts';
import type {Config} from '../config/schema.ts';
import {isAtWork, isSettled, readEscalation} from '../records/escalation-record.ts';
import {heldIncident, readIncident} from '../records/incident.ts';
import {openEmpty} from '../records/own-file.ts';
import {makePlace, type Place} from '../records/place.ts';

// One that can't start, as where the configuration was broken meanwhile, is not started again and again.
const againAfterMs = 10_000;

export type EscalationLaunch = {
	place: Place;
	config: Config;
	/** The file that starts jetmedic. */
	launcher: string;
	/** The flags of this start, so that the process reads the same configuration. */
	flags: readonly string[];
};

/**
Makes what sees to it that an incident is escalated: where one goes on, somebody is to be told, and no process
waits for that (none was started yet, or it was killed, or the machine was booted anew), it starts one. Of several
that are started at once, all but one end at once.

@returns To be called again and again; it does nothing most of the time, and never throws.
*/
export function escalationKeeper({place, config, launcher, flags}: EscalationLaunch): () => void {
	if (escalationTargets(config).length === 0) {
		return () => {};
	}
	let startedAt = Number.NEGATIVE_INFINITY;
	let child: ChildProcess | undefined;
	let heldByChild: number | undefined;
	return () => {
		const since = readIncident(place);
		if (child !== undefined) {
			if (heldByChild !== undefined && since !== undefined && since !== heldByChild) {
				// Nothing on disk tells it that its incident is over.
				child.kill();
			}
			return;
		}
		if (since === undefined || performance.now() - startedAt < againAfterMs) {
			return;
		}
		const record = readEscalation(place, since);
		if (record !== undefined && (isSettled(record) || isAtWork(place, record))) {
			return;
		}
		startedAt = performance.now();
		try {
			const held = heldIncident(place);
			heldByChild = held;
			const {engine} = place.of;
			child = launch(place, launcher, [
				...flags,
				...(held === undefined ? [] : [`--since=${held}`]),
				...(engine === undefined ? [] : [`--engine=${engine}`]),
			]);
			// It may have told somebody and not be able to write that down: then it stays.
			for (const ended of ['exit', 'error'] as const) {
				child.once(ended, () => {
					child = undefined;
				});
			}
		} catch {
			// Too many processes, or a full disk: the next call tries again, and an overdue escalation is a finding.
		}
	};
}

/** A session of its own without a terminal, so that neither the end of the console nor of SSH touches it. */
function launch(place: Place, launcher: string, flags: readonly string[]): ChildProcess {
	const output = openOutput(place);
	try {
		// It waits for a quarter of an hour beside a deployment in need: V8 need not give it much.
		const child = spawn(process.execPath, ['--max-semi-space-size=1', launcher, 'escalate', ...flags], {
			detached: true,
			stdio: ['ignore', output, output],
			cwd: process.cwd(),
		});
		child.unref();
		return child;
	} finally {
		if (output !== 'ignore') {
			closeSync(output);
		}
	}
}

/** What it prints is the trace of a crash; the last one is enough, and none where it can't be written. */
function openOutput(place: Place): number | 'ignore' {
	try {
		makePlace(place);
		return openEmpty(join(place.root, 'escalation.log'));
	} catch {
		return 'ignore';
	}
}
