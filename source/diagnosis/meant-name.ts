import {nearest} from '../config/nearest.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';

/**
The stream that a missing one was probably meant to be: one of nearly this name is there, and the missing one was never seen.
Whatever was seen once is no mistake of the configuration.
*/
export const meantStream = (state: DeploymentState, name: string): string | undefined =>
	own(state.streams, name) !== undefined || own(state.saved ?? {}, name) !== undefined
		? undefined
		: nearest(name, namesOf(state.streams));

/** As `meantStream`, of the consumers of a stream. */
export function meantConsumer(state: DeploymentState, stream: string, name: string): string | undefined {
	const consumers = own(state.streams, stream)?.consumers ?? {};
	const isSaved = own(state.saved ?? {}, stream)?.includes(name) ?? false;
	return own(consumers, name) !== undefined || isSaved ? undefined : nearest(name, namesOf(consumers));
}

const namesOf = (known: Record<string, {name: string; present: boolean}>): string[] =>
	Object.values(known)
		.filter(({present}) => present)
		.map(({name}) => name);
