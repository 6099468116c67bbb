import {allRunbooks, resumeId} from '../config/built-in-runbooks.ts';
import type {RunbookSpec} from '../config/runbook-schema.ts';
import type {Config} from '../config/schema.ts';
import {serviceRunbook} from '../config/service-runbook.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import {fill} from '../runbook/fill.ts';

/** How a runbook is offered: its key, its words, and what it does in a sentence. */
export type RunbookOffer = {
	id: RunbookId;
	/** Empty where it has none: then the menu starts it. */
	key: string;
	words: string;
	about: string;
};

const resume: RunbookOffer = {
	id: resumeId,
	key: 'U',
	words: 'finish the killed run',
	about: 'starts what the killed run left stopped, gives back what it left missing, verifies',
};

/** The key that restarts the service which the console points at. */
export const serviceKey = 'S';

const known = new WeakMap<Config, RunbookOffer[]>();

/** The runbooks in the order of the menu. */
export function runbookOffers(config: Config): RunbookOffer[] {
	const offers = known.get(config) ?? allRunbooks(config).map((spec) => offer(spec, config));
	known.set(config, offers);
	return offers;
}

const offer = (
	{id, key = '', title, label = title, about = title}: RunbookSpec,
	config: Config,
): RunbookOffer => ({
	id,
	key,
	words: fill(label, config),
	about: fill(about, config),
});

/** The offer of a runbook by its id. */
export function offerOf(id: RunbookId | undefined, config: Config): RunbookOffer | undefined {
	if (id === resumeId) {
		return resume;
	}
	const ofService = id === undefined ? undefined : serviceRunbook(id);
	return ofService
		? {...offer(ofService, config), key: serviceKey}
		: runbookOffers(config).find((one) => one.id === id);
}
