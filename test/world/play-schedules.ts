import {expect, it} from 'vitest';
import {playSchedule} from './schedule.ts';

/** So many schedules are one test: a test for each would cost more than the schedule. */
const inOne = 250;

/** Plays the schedules of these seeds, each of which must keep every rule. */
export function playSchedules(from: number, to: number): void {
	const starts = Array.from({length: Math.ceil((to - from) / inOne)}, (_, index) => from + index * inOne);
	it.each(starts)(
		`schedules from seed %i on keep every rule`,
		async (start) => {
			for (let seed = start; seed < Math.min(to, start + inOne); seed++) {
				const {broken} = await playSchedule(seed);
				expect(broken, `npm run world -- --seed ${seed}`).toEqual([]);
			}
		},
		60_000,
	);
}
