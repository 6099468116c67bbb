import type {Config} from '../config/schema.ts';
import type {DeploymentState} from '../state/types.ts';
import type {RunbookId, Severity, Symptom} from './finding.ts';

/** The sections of the runbook (docs/runbook.md). */
export type Section =
	| 'Detection'
	| 'Immediate Actions'
	| 'If NATS Container Down'
	| 'If Stream Corrupted'
	| 'If Storage Pressure'
	| 'Recovery Verification'
	| 'Escalation';

/** What is looked for: one kind of fault. */
export type Rule = {
	/** The ids of its symptoms begin with it: `<id>` or `<id>:<subject>`. */
	id: string;
	/** What it finds, without a subject. */
	title: string;
	/** The worst that it raises. */
	severity: Severity;
	section: Section;
	/** What it means for the deployment, in plain words. */
	meaning: string;
	/** What its evidence shows. */
	evidence: string;
	/** What mends it: a runbook by its key, or what a human must do. */
	remedy: string;
	/** What must not be done about it, and why. */
	avoid?: string;
	/** The runbooks that would make it worse; their plans show `avoid`. */
	worse?: readonly RunbookId[];
	/**
	What is wrong at this moment: nothing where the figures don't say so, or are not there yet. Pure.

	@param now - Milliseconds since the epoch, by the console's clock.
	*/
	check(state: DeploymentState, config: Config, now: number): Symptom[];
};
