import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';

// What a later run acts on must stay as it is, also where a password happens to be the name of a service: these are
// names and words of the program, the engine and the configuration, and no text that a secret gets into.
const exactKeys = new Set([
	'event',
	'status',
	'result',
	'when',
	'how',
	'run',
	'resumes',
	'runbook',
	'step',
	'id',
	'pidStart',
	'version',
	'deployment',
	'project',
	'engineId',
	'service',
	'services',
]);

// Cut only after it was redacted: of a secret that is cut in its middle, half would stay.
const maxRaw = 8000;

/**
The value with every text in it redacted and safe for a terminal. Text by text: in JSON as a whole, a secret's
quotes would be part of its form.

@param secrets - What finds the secrets of the configuration; see `exactSecrets`.
*/
export const hideSecrets = <T>(value: T, secrets: readonly RegExp[]): T => hide(value, '', secrets) as T;

function hide(value: unknown, key: string, secrets: readonly RegExp[]): unknown {
	if (typeof value === 'string') {
		return exactKeys.has(key) ? redact(sanitize(value)) : hideText(value, secrets);
	}
	if (Array.isArray(value)) {
		return value.map((item) => hide(item, key, secrets));
	}
	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hide(item, name, secrets)]))
		: value;
}

/** One text of the same kind. */
export const hideText = (text: string, secrets: readonly RegExp[]): string =>
	sanitize(redact(sanitize(text, maxRaw), secrets));
