import {own} from '../state/record.ts';
import {arrange} from './arrange.ts';
import type {Finding, Symptom} from './finding.ts';
import {foldUnder} from './fold.ts';
import {splitId} from './symptom-id.ts';

/** How long a symptom must be absent before its finding goes: what flaps stays. */
export const holdMs = 2000;

type Entry = {symptom: Symptom; since: number; seenAt: number};

/** The findings, and what must be remembered of them until the next look. */
export type Tracked = {entries: Record<string, Entry>; findings: Finding[]};

/** Before the first look. */
export const nothingTracked: Tracked = {entries: {}, findings: []};

/** Rules that say of one subject how it is: with a new answer the old one is gone at once. */
const exclusive: readonly (readonly string[])[] = [
	['nats-down', 'nats-unreached', 'nats-booting', 'nats-unhealthy', 'nats-auth'],
	['health-unhealthy', 'health-unreachable'],
	['metrics-missing', 'metrics-unreachable'],
	['container-down', 'container-detached', 'container-restarted'],
	['storage', 'stream-full'],
	['consumer-lag', 'consumer-growing'],
	['stream-offline', 'stream-leaderless', 'stream-missing'],
];

/**
The findings after a look: a new symptom is a finding at once, with its age from then on; one that is gone stays
for `holdMs`, with what it said last. An effect stays under its cause as long as the cause is held, and one that is
itself only held goes with it: what nobody sees any more must not be news. Pure.

@param now - Milliseconds since the epoch, by the console's clock.
*/
export function track(previous: Tracked, symptoms: Symptom[], now: number): Tracked {
	const current = new Map(symptoms.map((symptom) => [symptom.id, symptom]));
	const held = Object.values(previous.entries).filter(
		(entry) => !current.has(entry.symptom.id) && isHeld(entry, now) && !isReplaced(entry.symptom, symptoms),
	);
	const heldIds = new Map(held.map(({symptom}) => [symptom.id, symptom]));

	const seen = symptoms.map((symptom): Entry => {
		const before = own(previous.entries, symptom.id);
		const cause = symptom.cause === undefined ? heldIds.get(before?.symptom.cause ?? '') : undefined;
		return {
			symptom: cause ? foldUnder(symptom, cause) : symptom,
			since: Math.min(before?.since ?? now, symptom.beganAt ?? now),
			seenAt: now,
		};
	});
	const isThere = (id: string | undefined): boolean => id === undefined || current.has(id) || heldIds.has(id);
	const kept = held.filter(({symptom}) => isThere(symptom.cause));

	const entries = [...seen, ...kept];
	return {
		entries: Object.fromEntries(entries.map((entry) => [entry.symptom.id, entry])),
		findings: arrange(
			entries.map(({symptom, since}) => ({...symptom, since, sinceMs: Math.max(0, now - since)})),
		),
	};
}

// A clock that was set back must not hold a finding for ever.
const isHeld = ({seenAt}: Entry, now: number): boolean => Math.abs(now - seenAt) < holdMs;

function isReplaced(symptom: Symptom, symptoms: Symptom[]): boolean {
	const {rule, subject} = splitId(symptom.id);
	const others = exclusive.find((group) => group.includes(rule)) ?? [];
	return symptoms.some((other) => {
		const {rule: otherRule, subject: otherSubject} = splitId(other.id);
		return others.includes(otherRule) && otherSubject === subject;
	});
}
