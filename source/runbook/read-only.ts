import type {Config} from '../config/schema.ts';

/**
The one gate before anything that could change a deployment: called where it is done, before a client is made that can.

@throws an Error with a sentence where the console is read-only.
*/
export function refuseReadOnly({readOnly}: Pick<Config, 'readOnly'>, what: string): void {
	if (readOnly) {
		throw new Error(`This is read-only (--read-only, JETMEDIC_READ_ONLY or the configuration): ${what}.`);
	}
}
