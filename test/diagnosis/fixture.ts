import type {Config} from '../../source/config/schema.ts';
import {debounce, nothingPending} from '../../source/diagnosis/debounce.ts';
import {diagnose, explain, see} from '../../source/diagnosis/diagnose.ts';
import type {Symptom} from '../../source/diagnosis/finding.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {config, container, now, observe, well} from '../state/fixture.ts';

type Options = {config?: Config; at?: number};

/** What is diagnosed of a healthy deployment after something more was seen, `at` the newest of it. */
export function symptoms(seen: Observation[], options: Options = {}): Symptom[] {
	const state = observe(well(), ...seen);
	return diagnose(state, options.config ?? config, options.at ?? Math.max(now, state.at));
}

/** The ids, in order; what is folded under another as `<id> < <cause>`. */
export const ids = (seen: Observation[], options?: Options): string[] =>
	symptoms(seen, options).map(({id, cause}) => (cause === undefined ? id : `${id} < ${cause}`));

/** One of the symptoms. */
export const symptom = (id: string, seen: Observation[], options?: Options): Symptom | undefined =>
	symptoms(seen, options).find((found) => found.id === id);

/** A container as it is read now, or `ms` later. */
export const container1 = (service: string, changes: Partial<ContainerFacts>, ms = 0): Observation => ({
	kind: 'container',
	container: container(service, changes),
	at: now + ms,
});

/** The symptoms by the looks of a whole watch, as the console has them: what must last has lasted. */
export function lasting(looks: Observation[][], options: Options = {}): Symptom[] {
	let state = well();
	let pending = nothingPending;
	let found: Symptom[] = [];
	for (const look of looks) {
		state = observe(state, ...look);
		const settled = debounce(pending, see(state, options.config ?? config, state.at), state.at);
		pending = settled.pending;
		found = explain(settled.symptoms, state, options.config ?? config);
	}
	return found;
}
