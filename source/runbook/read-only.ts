import type {Config} from '../config/schema.ts';
import type {Control, Deployment} from '../deployment/deployment.ts';

const readOnlySentence = (what: string): string =>
	`This is read-only (--read-only, JETMEDIC_READ_ONLY or the configuration): ${what}.`;

/**
What changes the deployment.

@throws an Error with a sentence when the deployment is read-only.
*/
export function controlOf({control}: Deployment, what: string): Control {
	if (control === undefined) {
		throw new Error(readOnlySentence(what));
	}
	return control;
}

/**
The same gate for what is not done through a deployment: a restore, the start of a run.

@throws an Error with a sentence when the console is read-only.
*/
export function refuseReadOnly({readOnly}: Pick<Config, 'readOnly'>, what: string): void {
	if (readOnly) {
		throw new Error(readOnlySentence(what));
	}
}
