import type {Config} from '../config/schema.ts';
import type {DeploymentState} from '../state/types.ts';
import type {Severity, Symptom} from './finding.ts';

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
	/**
	What is wrong at this moment: nothing where the figures don't say so, or are not there yet. Pure.

	@param now - Milliseconds since the epoch, by the console's clock.
	*/
	check(state: DeploymentState, config: Config, now: number): Symptom[];
};
