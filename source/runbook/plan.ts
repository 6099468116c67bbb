import {formatCount, plural} from '../text/count.ts';
import type {ReadContext} from './context.ts';
import {planFacts, withCommand} from './facts.ts';
import {readPins} from './identity/read-pins.ts';
import {computeImpact} from './impact.ts';
import type {Plan} from './planned.ts';
import {preflight} from './preflight/preflight.ts';
import type {Runbook} from './runbook.ts';

/**
What a runbook would do to the deployment as it is now. Only reads. Never throws: what stands in the way is in
`blockers`.
*/
export async function makePlan(
	runbook: Runbook,
	context: ReadContext,
	{host, backup, at}: {host: string; backup: boolean; at: number},
): Promise<Plan> {
	const {config} = context;
	const {checks, services, users, stream, again = 0} = await preflight(runbook.needs, context, backup);
	const facts = await withCommand(
		{...planFacts(context, services, at, users), stops: runbook.needs.stops},
		context.deployment.engine,
	);
	const pins = await readPins(context, services, runbook.needs);
	const keep = runbook.needs.purge;
	const impact =
		stream && keep !== undefined
			? computeImpact(stream, keep === 'nothing' ? 0 : keep, at, config.consumer)
			: undefined;
	const blockers = checks.filter((check) => !check.ok).map((check) => check.evidence);
	// Where a purge is all that it does.
	const {recreates, restartsServer, stops} = runbook.needs;
	if (!recreates && !restartsServer && stops.length === 0 && impact?.removedMessages === 0) {
		blockers.push(
			`Nothing to purge: ${impact.stream} holds ${plural(impact.messages, 'message')}, and ${formatCount(impact.keep)} are kept.`,
		);
	}
	return {
		runbook: runbook.id,
		title: runbook.title,
		deployment: config.deployment,
		host,
		production: config.production,
		at,
		steps: runbook.steps
			.filter((step) => backup || !step.declinable)
			.map((step) => ({
				id: step.id,
				title: step.title(facts),
				text: step.describe(facts),
				command: step.command?.(facts),
			})),
		impact,
		...(again > 0 && {again}),
		pins,
		checks,
		blockers,
		confirmation:
			runbook.typed || again > 0 || (impact !== undefined && impact.unprocessed > 0)
				? {kind: 'type', text: config.stream}
				: {kind: 'key', key: 'y'},
		backup,
	};
}
