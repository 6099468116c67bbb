import {StepError} from '../deployment/step-error.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import type {RunContext} from './context.ts';
import type {Plan} from './planned.ts';
import type {RunRequest} from './runbook.ts';
import type {PlanFacts, Step} from './step.ts';

/**
Runs the steps in order until one fails or the run is aborted. Answers why it ended early.

@param beforeTouching - Awaited before each step that may touch something: all but the preflight.
*/
export async function runSteps(
	request: RunRequest,
	context: RunContext,
	facts: PlanFacts,
	plan: Plan,
	beforeTouching: () => Promise<void> = async () => {},
): Promise<string | undefined> {
	for (const step of request.runbook.steps) {
		if (!plan.steps.some(({id}) => id === step.id)) {
			continue;
		}
		if (context.signal.aborted) {
			return abortReason(context.signal);
		}
		if (step.id !== 'preflight') {
			await beforeTouching();
			if (context.signal.aborted) {
				return abortReason(context.signal);
			}
		}
		const error = await runStep(step, context, facts);
		if (error !== undefined) {
			return error;
		}
	}
	return undefined;
}

async function runStep(step: Step, context: RunContext, facts: PlanFacts): Promise<string | undefined> {
	context.progress = (text, fraction) => context.write({event: 'progress', step: step.id, text, fraction});
	try {
		context.write({event: 'step', step: step.id, status: 'running', command: step.command?.(facts)});
		const done = await step.run(context, facts);
		context.write(
			typeof done === 'string'
				? {event: 'step', step: step.id, status: 'done', text: done}
				: 'skipped' in done
					? {event: 'step', step: step.id, status: 'skipped', text: done.skipped}
					: {event: 'step', step: step.id, status: 'failed', text: done.unproved},
		);
		return undefined;
	} catch (error) {
		const said = redact(sanitize((error as Error).message, 600));
		// What a step found out while it was aborted (the outcome of a purge) is not lost.
		const text = !context.signal.aborted
			? said
			: error instanceof StepError
				? `${abortReason(context.signal)} ${said}`
				: abortReason(context.signal);
		context.write({event: 'step', step: step.id, status: 'failed', text});
		return text;
	}
}

/** Why a run was aborted, as a sentence. */
export const abortReason = (signal: AbortSignal): string =>
	`Aborted: ${String(signal.reason?.message ?? signal.reason)}.`;
