import {allRunbooks, resumeId} from '../config/built-in-runbooks.ts';
import {nearest} from '../config/nearest.ts';
import type {Config} from '../config/schema.ts';
import {serviceRunbook} from '../config/service-runbook.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import type {RunState} from '../state/run.ts';
import {sanitize} from '../text/sanitize.ts';
import {compile} from './compile.ts';
import {finishing, resumeRunbook} from './resume.ts';
import type {Runbook} from './runbook.ts';

/** No run was killed, so there is nothing to resume. */
export class NoRunbookError extends Error {
	override name = 'NoRunbookError';
}

/** Nothing is known by the name that was asked for. */
export class UnknownRunbookError extends Error {
	override name = 'UnknownRunbookError';
}

/**
The runbook of a name.

@param unfinished - The run that was killed and that nothing has finished since: what `resume` finishes.
@throws UnknownRunbookError with a sentence if there is none of that name; NoRunbookError if there is nothing to resume.
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
		const ids = all.map((one) => one.id);
		const meant = nearest(id, ids);
		throw new UnknownRunbookError(
			`There is no runbook ${JSON.stringify(sanitize(id, 100))}. ${meant === undefined ? '' : `Did you mean ${meant}? `}There are: ${ids.join(', ')}, and service.NAME, which restarts one service.`,
		);
	}
	const runbook = compile(spec, config);
	return unfinished ? finishing(unfinished, runbook) : runbook;
}
