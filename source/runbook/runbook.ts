import type {Config} from '../config/schema.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import type {Confirmed} from '../records/event.ts';
import type {RunState} from '../state/run.ts';
import type {Needs} from './needs.ts';
import type {ConfirmAgain} from './planned.ts';
import type {Step} from './step.ts';

/** A recovery that can be planned and run: an ordered list of steps. */
export type Runbook = {
	id: RunbookId;
	title: string;
	/** The stream's name must be typed whatever it removes. */
	typed: boolean;
	needs: Needs;
	steps: Step[];
	/** The run that it finishes. */
	resumes?: RunState;
};

/** What starts a run. */
export type RunRequest = {
	runbook: Runbook;
	config: Config;
	backup: boolean;
	confirmed: Confirmed;
	/** Where there is nobody to ask, the run ends instead. */
	confirmAgain?: ConfirmAgain | undefined;
	/** The id that the run gets; made by whoever starts it, so that the console can follow it from the first line on. */
	id: string;
};
