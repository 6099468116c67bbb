import {allRunbooks, resumeId} from '../config/built-in-runbooks.ts';
import type {Config} from '../config/schema.ts';
import {serviceRunbook} from '../config/service-runbook.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import type {RunState} from '../state/run.ts';
import {compile} from './compile.ts';
import {finishing, resumeRunbook} from './resume.ts';
import type {Runbook} from './runbook.ts';

/** Nothing is known by the name that was asked for. */
export class NoRunbookError extends Error {
	override name = 'NoRunbookError';
}

/**
The runbook of a name.

@param unfinished - The run that was killed and that nothing has finished since: what `resume` finishes.
@throws NoRunbookError with a sentence where there is none of that name, or nothing to resume.
*/
export function findRunbook(id: RunbookId, config: Config, unfinished: RunState | undefined): Runbook {
	if (id === resumeId) {
		if (!unfinished) {
			throw new NoRunbookError('There is no unfinished run to resume.');
		}
		return resumeRunbook(unfinished, config);
	}
	const all = allRunbooks(config);
	const spec = all.find((runbook) => runbook.id === id) ?? serviceRunbook(id);
	if (!spec) {
		throw new Error(
			`There is no runbook ${JSON.stringify(id)}. There are: ${all.map((one) => one.id).join(', ')}, and service.NAME, which restarts one service.`,
		);
	}
	const runbook = compile(spec, config);
	return unfinished ? finishing(unfinished, runbook) : runbook;
}
