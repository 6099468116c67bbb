import {type EscalationTarget, escalationTargets, escalationTimes} from '../config/escalation.ts';
import type {Config} from '../config/schema.ts';
import type {EscalationMessage} from './deliver.ts';
import {type EscalationRecord, isSettled, readEscalation, writeEscalation} from './escalation-record.ts';
import {endIncident, keepIncidentFresh, readIncident} from './incident.ts';
import type {Place} from './place.ts';
import {processStart} from './process.ts';

/** What the waiting needs of the world; a test gives its own. */
export type EscalationWorld = {
	/** Milliseconds since the epoch. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** Looks at the deployment for so long; answers what is to be told, or undefined where the incident is over. */
	look(since: number, forMs: number): Promise<EscalationMessage | undefined>;
	/** @throws an Error with why the target has not got it. */
	deliver(target: EscalationTarget, message: EscalationMessage): Promise<void>;
};

/** How the waiting ended. */
export type Ending = 'over' | 'delivered' | 'failed';

const pollMs = 1000;
/** What shows only over time is seen in this time, as it is by a console. */
const longestLookMs = 60_000;
const shortestLookMs = 20_000;
/** How long it waits before the second and the third attempt. */
const backOffMs = [2000, 10_000];
// An incident that nobody touches is forgotten after an hour, and its escalation may be due later.
const touchEveryMs = 30 * 60_000;

/**
Waits until the incident is due for its escalation, looks whether it goes on, and gives the report to each target,
with a few attempts. The caller holds the lock, so that there is one that does this.

How far it is, is in the record on disk before and after each attempt. One that died while it sent is taken to have
sent nothing: told twice is better than not told.

@returns `over` where the incident ended or was dealt with before.
@throws when the record can't be written.
*/
export async function escalate(place: Place, config: Config, world: EscalationWorld): Promise<Ending> {
	for (;;) {
		const since = readIncident(place);
		if (since === undefined) {
			return 'over';
		}
		const ending = await escalateOne(place, config, world, since);
		if (ending !== 'another') {
			return ending;
		}
	}
}

async function escalateOne(
	place: Place,
	config: Config,
	world: EscalationWorld,
	since: number,
): Promise<Ending | 'another'> {
	const targets = escalationTargets(config);
	const {afterMs} = escalationTimes(config);
	const before = readEscalation(place, since);
	if (before !== undefined && isSettled(before)) {
		return 'over';
	}
	let record: EscalationRecord = {
		since,
		dueAt: since + afterMs,
		to: targets.map(({name}) => name),
		attempts: before?.attempts ?? 0,
		delivered: before?.delivered ?? [],
		pid: process.pid,
		pidStart: processStart(process.pid),
	};
	const write = (change: Partial<EscalationRecord>): void => {
		record = {...record, ...change};
		writeEscalation(place, record);
	};
	write({});
	const isThis = (): boolean => readIncident(place) === since;
	const lookMs = Math.min(afterMs, longestLookMs);
	if (!(await waitUntil(record.dueAt - lookMs, Math.max(0, afterMs - lookMs), isThis, place, world))) {
		return 'another';
	}
	const leftMs = Math.min(record.dueAt - world.now(), lookMs);
	const message = await world.look(since, Math.max(leftMs, Math.min(lookMs, shortestLookMs)));
	if (!isThis()) {
		return 'another';
	}
	if (message === undefined) {
		endIncident(place);
		return 'over';
	}
	return send(targets, message, world, record, write);
}

/** Waits, with the incident in view; answers false where it is no longer this one. */
async function waitUntil(
	at: number,
	longestMs: number,
	isThis: () => boolean,
	place: Place,
	{now, sleep}: EscalationWorld,
): Promise<boolean> {
	// A clock that is set back must not put the escalation off.
	let leftMs = Math.min(longestMs, at - now());
	let untouchedMs = 0;
	while (isThis()) {
		if (leftMs <= 0) {
			return true;
		}
		const ms = Math.min(pollMs, leftMs);
		await sleep(ms);
		leftMs = Math.min(leftMs - ms, at - now());
		untouchedMs += ms;
		if (untouchedMs >= touchEveryMs && leftMs > 2 * longestLookMs) {
			untouchedMs = 0;
			keepIncidentFresh(place);
		}
	}
	return false;
}

async function send(
	targets: EscalationTarget[],
	message: EscalationMessage,
	{now, sleep, deliver}: EscalationWorld,
	{delivered, attempts}: EscalationRecord,
	write: (change: Partial<EscalationRecord>) => void,
): Promise<Ending> {
	const reached = new Set(delivered);
	const reasons = new Map<string, string>();
	for (const [index, waitMs] of [...backOffMs, undefined].entries()) {
		write({attempts: attempts + index + 1});
		for (const target of targets.filter(({name}) => !reached.has(name))) {
			try {
				await deliver(target, message);
				reached.add(target.name);
				reasons.delete(target.name);
				write({delivered: [...reached]});
			} catch (error) {
				reasons.set(target.name, `${target.name}: ${(error as Error).message}`);
			}
		}
		if (reasons.size === 0) {
			write({deliveredAt: now(), error: undefined});
			return 'delivered';
		}
		write({error: [...reasons.values()].join('; ')});
		if (waitMs !== undefined) {
			await sleep(waitMs);
		}
	}
	write({failedAt: now()});
	return 'failed';
}
