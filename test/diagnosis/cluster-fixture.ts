import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {Symptom} from '../../source/diagnosis/finding.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {config, wellCluster} from '../state/cluster-fixture.ts';
import {container, now, observe} from '../state/fixture.ts';

/** What is diagnosed of a healthy cluster after something more was seen, `at` the newest of it. */
export function symptoms(seen: Observation[], at?: number): Symptom[] {
	const state = observe(wellCluster(), ...seen);
	return diagnose(state, config, at ?? Math.max(now, state.at));
}

/** The ids, in order; what is folded under another as `<id> < <cause>`. */
export const ids = (seen: Observation[], at?: number): string[] =>
	symptoms(seen, at).map(({id, cause}) => (cause === undefined ? id : `${id} < ${cause}`));

/** One of the symptoms. */
export const symptom = (id: string, seen: Observation[], at?: number): Symptom | undefined =>
	symptoms(seen, at).find((found) => found.id === id);

/** A server's container as it is read now, or `ms` later. */
export const containerOf = (service: string, changes: Partial<ContainerFacts>, ms = 0): Observation => ({
	kind: 'container',
	container: container(service, {dependsOn: [], ...changes}),
	at: now + ms,
});
