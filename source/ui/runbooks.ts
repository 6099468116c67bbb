import type {Config} from '../config/schema.ts';
import type {RunbookId} from '../diagnosis/finding.ts';

/** How a runbook is offered: its key, its words, and what it does in a sentence. */
export type RunbookOffer = {
	id: RunbookId;
	key: string;
	words: (config: Config) => string;
	about: (config: Config) => string;
};

/** The runbooks in the order of the menu. */
export const runbookOffers: RunbookOffer[] = [
	{
		id: 'restart',
		key: 'R',
		words: () => 'restart',
		about: (config) => `restart ${config.nats.service}, wait for all services, verify`,
	},
	{
		id: 'purge',
		key: 'P',
		words: (config) => `purge, keep ${config.keep}`,
		about: (config) => `back up what goes, keep the newest ${config.keep}, verify`,
	},
	{
		id: 'recover',
		key: 'F',
		words: () => 'full recovery',
		about: (config) =>
			`backs up, stops the services, purges ${config.stream}, starts everything again, verifies`,
	},
];

/** The offer of a runbook by its id. */
export function offerOf(id: RunbookId | undefined): RunbookOffer | undefined {
	return runbookOffers.find((offer) => offer.id === id);
}
