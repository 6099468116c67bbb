import type {RunbookId} from '../diagnosis/finding.ts';
import {formatCount} from '../text/count.ts';
import type {PlanFacts, Step} from './step.ts';
import {backupStep} from './steps/backup.ts';
import {preflightStep} from './steps/preflight.ts';
import {purgeStep} from './steps/purge.ts';
import {recreateStep} from './steps/recreate.ts';
import {restartServerStep} from './steps/restart-server.ts';
import {startServicesStep} from './steps/start-services.ts';
import {stopServicesStep} from './steps/stop-services.ts';
import {verifyStep} from './steps/verify.ts';
import {waitServerStep} from './steps/wait-server.ts';
import {waitServicesStep} from './steps/wait-services.ts';

/** A recovery: an ordered list of steps. */
export type Runbook = {
	id: RunbookId;
	title(facts: PlanFacts): string;
	/** Messages that its purge keeps, or undefined where it does not purge. */
	keep(configured: number): number | 'nothing' | undefined;
	steps: Step[];
};

/** The three of the runbook "NATS Partition Recovery" (docs/runbook.md), by its chapters. */
export const runbooks: Record<RunbookId, Runbook> = {
	// "If NATS Container Down"
	restart: {
		id: 'restart',
		title: ({config}) => `restart ${config.nats.service}`,
		keep: () => undefined,
		steps: [preflightStep('restart'), restartServerStep, waitServerStep, waitServicesStep, verifyStep],
	},
	// "If Storage Pressure"
	purge: {
		id: 'purge',
		title: ({config}) => `purge ${config.stream}, keep ${formatCount(config.keep)}`,
		keep: (configured) => configured,
		steps: [preflightStep('purge'), backupStep, purgeStep((keep) => keep), verifyStep],
	},
	// "If Stream Corrupted"
	recover: {
		id: 'recover',
		title: ({config}) => `full recovery of ${config.stream}`,
		keep: () => 'nothing',
		steps: [
			preflightStep('recover'),
			// Before the backup: what a producer sent after it would be purged and in no backup.
			stopServicesStep,
			backupStep,
			purgeStep(() => 'nothing'),
			recreateStep,
			startServicesStep,
			waitServicesStep,
			verifyStep,
		],
	},
};
