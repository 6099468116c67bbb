import {join} from 'node:path';
import * as z from 'zod';
import type {RunState} from '../state/run.ts';
import {isRunId} from './names.ts';
import {readOwn, writeNew} from './own-file.ts';
import type {Place} from './place.ts';

const schema = z.object({by: z.string().refine(isRunId), at: z.number()});
const pathOf = (place: Place, run: string): string => join(place.runs, `${run}.finished.json`);

/**
Writes down that a run of another user or host finished one of the own runs. The engine's lock container says so only as
long as nobody removes it, as `docker container prune` does. Never throws.
*/
export function noteFinished(place: Place, run: string, by: string, at: number): void {
	try {
		if (isRunId(run)) {
			writeNew(pathOf(place, run), `${JSON.stringify({by, at})}\n`);
		}
	} catch {
		// The lock container still says it; the next look tries again.
	}
}

/** A run with the run of another user or host that finished it, if one did. Never throws. */
export function withFinisher(place: Place, run: RunState): RunState {
	try {
		const {by} = schema.parse(JSON.parse(readOwn(pathOf(place, run.id), 4096)));
		// What it left stopped became that run's to start.
		return {...run, finishedBy: by, stopped: []};
	} catch {
		return run;
	}
}
