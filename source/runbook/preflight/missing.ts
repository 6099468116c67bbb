import {didYouMean} from '../../config/nearest.ts';
import type {CheckResult} from '../../state/run.ts';

type Missing = {
	name: string;
	/** The names of those that are there. */
	others: readonly string[];
	/** Whether a configuration of it was ever saved here. */
	isSaved: boolean;
};

/**
The stream of the configuration that the server does not know. Full recovery creates it from its saved configuration; without
one that refuses, and its name is probably mistyped.

@param recreates - Whether the runbook that asks creates what is missing.
*/
export function judgeMissingStream({name, others, isSaved}: Missing, recreates: boolean): CheckResult {
	if (isSaved) {
		return recreates
			? {
					name,
					ok: true,
					evidence: `the server does not know ${name}; it will be created from its saved configuration`,
				}
			: {name, ok: false, evidence: `The server does not know ${name}. Run full recovery (F).`};
	}
	const meant = didYouMean(name, others);
	const why = `The server does not know ${name}, and no configuration of it was ever saved here.`;
	return {
		name,
		ok: false,
		evidence: `${why}${meant === '' ? ' Check stream in the configuration.' : `${meant} Correct stream in the configuration, or use --stream.`}`,
	};
}

/** Why the watched consumer, which is missing, cannot be created again. */
export function unsavedConsumer({name, others}: Omit<Missing, 'isSaved'>): string {
	const meant = didYouMean(name, others);
	return `No configuration of ${name} was ever saved here.${
		meant === ''
			? ' Restart its service (S), which may create it, or create it with nats consumer add.'
			: `${meant} Correct consumer in the configuration, or use --consumer.`
	}`;
}
