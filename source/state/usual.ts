import type {ServiceUsual} from './log.ts';
import type {ObservationOf} from './observation.ts';
import {own} from './record.ts';

const minuteMs = 60_000;

/** A minute counts for no more than so many times what is usual: an incident must not soon be how things are. */
const countedTimes = 3;
/** Where nothing is usual yet; and all that a minute of the first hour counts for, which may be one of an incident. */
const countedAtLeast = 5;
const firstMinutes = 60;

/** What was longer ago than this has no more weight than any other minute: four hours. */
const maxMinutes = 240;

/**
What is usual of one service after some lines of it: how often each signature matches a minute, over the hours that it was
watched. A minute that is much louder than usual is counted as a little louder.
*/
export function learn(
	before: ServiceUsual | undefined,
	{lines, at}: Pick<ObservationOf<'log'>, 'lines' | 'at'>,
): ServiceUsual {
	const known = before ?? {since: at, minutes: 0, counts: {}, perMinute: {}};
	const counts = add(known.counts, lines);
	const elapsed = (at - known.since) / minuteMs;
	// Remembered from another start, or after a clock was set back: counted from now.
	if (!(elapsed >= 0)) {
		return {...known, since: at, counts: {}};
	}
	if (elapsed < 1) {
		return counts === known.counts ? known : {...known, counts};
	}
	const minutes = Math.min(maxMinutes, known.minutes + elapsed);
	const weight = Math.min(1, elapsed / minutes);
	const names = new Set([...Object.keys(known.perMinute), ...Object.keys(counts)]);
	const perMinute = [...names].map((name) => {
		const usual = own(known.perMinute, name) ?? 0;
		const told = (own(counts, name) ?? 0) / elapsed;
		return [
			name,
			usual +
				weight *
					(Math.min(
						told,
						minutes < firstMinutes ? countedAtLeast : Math.max(countedAtLeast, countedTimes * usual),
					) -
						usual),
		] as const;
	});
	return {since: at, minutes, counts: {}, perMinute: Object.fromEntries(perMinute)};
}

function add(counts: ServiceUsual['counts'], lines: ObservationOf<'log'>['lines']): ServiceUsual['counts'] {
	let next = counts;
	for (const {matches} of lines) {
		for (const name of matches) {
			next = next === counts ? {...counts} : next;
			next[name] = (own(next, name) ?? 0) + 1;
		}
	}
	return next;
}
