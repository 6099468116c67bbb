import type {Wanted} from '../../../source/runbook/preflight/needs.ts';

/** What steps need: nothing, but for what is given; a backup where they purge. */
export const needs = (given: Partial<Wanted> = {}): Wanted => ({
	purge: undefined,
	recreates: false,
	recreatesConsumer: false,
	restartsServer: false,
	restarts: [],
	restartsFirst: false,
	touchesStream: false,
	stops: [],
	starts: [],
	backup: given.purge !== undefined,
	...given,
});
