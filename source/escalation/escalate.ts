import {type EscalationTarget, escalationTargets, escalationTimes} from '../config/escalation.ts';
import type {Config} from '../config/schema.ts';
import {
	isAtWork,
	isSettled,
	keepEscalationFresh,
	readEscalation,
	saidEveryMs,
} from '../records/escalation-record.ts';
import {endIncident, heldIncident, keepIncidentFresh, readIncident} from '../records/incident.ts';
import type {Place} from '../records/place.ts';
import type {EscalationMessage} from './deliver.ts';
import {isOwn, type OwnedRecord, ownRecord} from './owner.ts';

/** What the waiting needs of the world; a test gives its own. */
export type EscalationWorld = {
	/** Milliseconds since the epoch: for the record. */
	now(): number;
	/** How long the incident goes on, milliseconds, by a clock that nobody sets. */
	ageMs(): number;
	sleep(ms: number): Promise<void>;
	/** Looks at the deployment for so long; answers what is to be told, or undefined where the incident is over. */
	look(since: number, forMs: number): Promise<EscalationMessage | undefined>;
	/** @throws an Error with why the target has not got it. */
	deliver(target: EscalationTarget, message: EscalationMessage): Promise<void>;
};

/** How the waiting ended. */
export type Ending = 'over' | 'settled' | 'delivered' | 'failed';

const pollMs = 1000;
/** What shows only over time is seen in this time, as it is by a console. */
const longestLookMs = 60_000;
const shortestLookMs = 20_000;
/** How long it waits before the second and the third attempt. */
const backOffMs = [2000, 10_000];
// An incident that nobody touches is forgotten after an hour, and its escalation may be due later.
const touchEveryMs = 30 * 60_000;
/** How often it tries to write down what it could not. */
const writeEveryMs = 5000;

/**
Waits until the incident is due for its escalation, looks whether it goes on, and gives the report to each target,
with a few attempts. The caller holds the lock, so that there is one that does this.

How far it is, is in the record on disk before and after each attempt. One that died while it sent is taken to have
sent nothing: told twice is better than not told. A record that can't be written stops nothing; whoever has told somebody
and can't say so then stays, with the lock, until it can or the incident is over.

@returns `over` where the incident ended; `settled` where somebody was told or could not be told before, or another process
sees to it.
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
	if (before !== undefined && (isSettled(before) || (!isOwn(before) && isAtWork(place, before)))) {
		return 'settled';
	}
	const dueAt = since + afterMs;
	const record = ownRecord(place, {since, dueAt, to: targets.map(({name}) => name)}, before);
	const isThis = (): boolean => readIncident(place) === since;
	const lookMs = Math.min(afterMs, longestLookMs);
	if (!(await waitUntil(Math.max(0, afterMs - lookMs), isThis, place, record, world))) {
		return 'another';
	}
	keepEscalationFresh(place);
	const leftMs = Math.min(afterMs - world.ageMs(), lookMs);
	const message = await world.look(since, Math.max(leftMs, Math.min(lookMs, shortestLookMs)));
	if (!isThis()) {
		return 'another';
	}
	if (message === undefined) {
		endIncident(place);
		return 'over';
	}
	const ending = await send(targets, message, world, record);
	if (ending !== 'settled') {
		await stayUntilWritten(place, record, isThis, world);
	}
	return ending;
}

async function stayUntilWritten(
	place: Place,
	record: OwnedRecord,
	isThis: () => boolean,
	{sleep, look}: EscalationWorld,
): Promise<void> {
	let unseenMs = 0;
	while (!record.isWritten && isThis()) {
		await sleep(writeEveryMs);
		record.write({});
		unseenMs += writeEveryMs;
		// Nobody can say that an incident is over which is on no disk.
		if (unseenMs >= longestLookMs && heldIncident(place) !== undefined) {
			unseenMs = 0;
			if ((await look(record.now.since, shortestLookMs)) === undefined) {
				endIncident(place);
			}
		}
	}
}

/** Waits, with the incident in view; answers false where it is no longer this one, or another process's. */
async function waitUntil(
	untilAgeMs: number,
	isThis: () => boolean,
	place: Place,
	record: OwnedRecord,
	{ageMs, sleep}: EscalationWorld,
): Promise<boolean> {
	// By no wall clock: one that is set back must not put the escalation off, one that leaps must not bring it at once. After
	// a boot there is no other, so that what was waited here counts besides.
	let leftMs = untilAgeMs - ageMs();
	let untouchedMs = 0;
	let unsaidMs = 0;
	while (isThis()) {
		if (leftMs <= 0) {
			return true;
		}
		const ms = Math.min(pollMs, leftMs);
		await sleep(ms);
		leftMs = Math.min(leftMs - ms, untilAgeMs - ageMs());
		untouchedMs += ms;
		unsaidMs += ms;
		if (unsaidMs >= saidEveryMs) {
			unsaidMs = 0;
			if (record.isTaken()) {
				return false;
			}
			keepEscalationFresh(place);
		}
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
	record: OwnedRecord,
): Promise<Ending> {
	const {attempts} = record.now;
	const isReached = ({name}: EscalationTarget): boolean => record.now.delivered.includes(name);
	const reasons = new Map<string, string>();
	for (const [index, waitMs] of [...backOffMs, undefined].entries()) {
		if (record.isTaken()) {
			return 'settled';
		}
		record.write({attempts: attempts + index + 1});
		for (const target of targets) {
			if (record.isTaken()) {
				return 'settled';
			}
			if (isReached(target)) {
				continue;
			}
			try {
				await deliver(target, message);
				reasons.delete(target.name);
				record.write({delivered: [...record.now.delivered, target.name]});
			} catch (error) {
				reasons.set(target.name, `${target.name}: ${(error as Error).message}`);
			}
		}
		if (reasons.size === 0) {
			record.write({deliveredAt: now(), error: undefined});
			return 'delivered';
		}
		record.write({error: [...reasons.values()].join('; ')});
		if (waitMs !== undefined) {
			await sleep(waitMs);
		}
	}
	record.write({failedAt: now()});
	return 'failed';
}
