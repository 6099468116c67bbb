import type {RunbookId} from '../../diagnosis/finding.ts';
import {StepError} from '../context.ts';
import {preflight} from '../preflight.ts';
import type {Step} from '../step.ts';

/** Looks whether the runbook can be run, before anything is touched. */
export const preflightStep = (runbook: RunbookId): Step => ({
	id: 'preflight',
	title: () => 'preflight',
	describe: () =>
		runbook === 'restart'
			? 'engine reachable, the project is there, no other run'
			: 'engine and JetStream reachable, store writable, not sealed, no deny_purge, room for the backup, no other run',
	async run(context) {
		const {checks} = await preflight(runbook, context, context.backup);
		const failed = checks.filter((check) => !check.ok);
		if (failed.length > 0) {
			throw new StepError(failed.map((check) => check.evidence).join(' '));
		}
		return `${checks.length} of ${checks.length} checks`;
	},
});
