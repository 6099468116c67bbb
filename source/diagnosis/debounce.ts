import {own} from '../state/record.ts';
import type {Symptom} from './finding.ts';

/** When each symptom that must last before it counts was first seen without a pause. */
export type Pending = Record<string, number>;

/** Before the first look. */
export const nothingPending: Pending = {};

/**
The symptoms that have lasted as long as they must (`afterMs`), with their age from when they were first seen, and
what must be remembered until the next look. It comes before folding: what is not a finding yet explains nothing.
Pure.

@param now - Milliseconds since the epoch, by the console's clock.
*/
export function debounce(
	previous: Pending,
	symptoms: readonly Symptom[],
	now: number,
): {pending: Pending; symptoms: Symptom[]} {
	const pending: Pending = {};
	const lasting = symptoms.flatMap(({afterMs, ...symptom}): Symptom[] => {
		if (afterMs === undefined) {
			return [symptom];
		}
		// A clock that was set back must not make a symptom wait for ever.
		const since = Math.min(own(previous, symptom.id) ?? now, now);
		pending[symptom.id] = since;
		return now - since >= afterMs ? [{...symptom, beganAt: symptom.beganAt ?? since}] : [];
	});
	return {pending, symptoms: lasting};
}
