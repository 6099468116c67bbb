import type {RunbookId} from '../diagnosis/finding.ts';
import type {Impact, PlannedStep} from '../records/event.ts';
import type {CheckResult} from '../state/run.ts';
import type {Pins} from './identity/pins.ts';

/** How a plan is confirmed: one more key, or the stream's name typed. */
export type Confirmation = {kind: 'key'; key: 'y'} | {kind: 'type'; text: string};

/** Asks again where more would go than was confirmed; answers whether the operator wants that. */
export type ConfirmAgain = (impact: Impact, signal: AbortSignal) => Promise<boolean>;

/** What a runbook will do, before anything is done. Made by reading only. */
export type Plan = {
	runbook: RunbookId;
	title: string;
	deployment: string;
	host: string;
	production: boolean;
	at: number;
	steps: PlannedStep[];
	/** Undefined where nothing is removed. */
	impact?: Impact;
	/** At most so many messages are delivered once more although they were processed; undefined where none is. */
	again?: number;
	/** The identity of everything that it acts on. */
	pins: Pins;
	/** What was looked at before anything is touched, with the evidence. */
	checks: CheckResult[];
	/** Why it can't be run now; nothing is started while there is any. */
	blockers: string[];
	confirmation: Confirmation;
	backup: boolean;
};
