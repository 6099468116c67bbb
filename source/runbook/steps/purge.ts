import {stepShape} from '../../config/runbook-schema.ts';
import {withJetStream} from '../../deployment/deployment.ts';
import {
	ErrorCode,
	type JetStreamControl,
	JetStreamError,
	NoAnswerError,
	type StreamInfo,
	toStreamFacts,
} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {Impact} from '../../records/event.ts';
import {formatCount, plural} from '../../text/count.ts';
import {sanitize} from '../../text/sanitize.ts';
import {commandLine} from '../../text/shell-quote.ts';
import type {RunContext} from '../context.ts';
import {confirmStream} from '../identity/confirm.ts';
import {computeImpact, mostLoss} from '../impact.ts';
import {unanswered} from '../preflight/stream.ts';
import {purgeOutcome} from '../purge-outcome.ts';
import {settledState} from '../settled.ts';
import type {Step, StepKind} from '../step.ts';

/** Purges the stream, keeping its last messages or none, and says what was lost. */
export const purgeStep = (keepOf: (keep: number) => number | 'nothing'): Step => ({
	id: 'purge',
	title: ({config}) => `purge ${config.stream}`,
	describe: ({config}) => {
		const keep = keepOf(config.keep);
		return keep === 'nothing' ? 'all messages go' : `all but the last ${formatCount(keep)} messages go`;
	},
	command: ({config}) => {
		const keep = keepOf(config.keep);
		const flags = keep === 'nothing' ? ['--force'] : ['--keep', String(keep), '--force'];
		return commandLine(['nats', 'stream', 'purge'], [config.stream], flags);
	},
	async run(context, {config}) {
		const keep = keepOf(config.keep);
		if (context.memory.readopted) {
			return {skipped: `${config.stream} was given back with its messages, so nothing is purged`};
		}
		const confirmed = await confirmedNow(context, keep);
		if ('skipped' in confirmed) {
			return confirmed;
		}
		const {before, impact} = confirmed;
		return withJetStream(context.control, async (jetstream) => {
			await confirmStream(context, jetstream);
			context.signal.throwIfAborted();
			context.progress(`${plural(impact.removedMessages, 'message')} go`);
			const removed = await purge(jetstream, impact, keep, before, context);
			// At once: whatever happens next, the record says what went.
			writeLoss(context, impact, removed);
			// Not on the purge's own connection: where the purge got no answer, that may be gone.
			const after = await withJetStream(context.deployment, (fresh) => fresh.stream(config.stream, 10_000));
			context.memory.purge = {
				keep,
				removed,
				firstSeq: after.state.first_seq,
				lastSeqBefore: before.state.last_seq,
				lastSeqAfter: after.state.last_seq,
				messagesAfter: after.state.messages,
			};
			return `${plural(removed, 'message')} removed, ${formatCount(after.state.messages)} left`;
		});
	},
});

type Confirmed = {before: StreamInfo; impact: Impact};

/**
What the purge would take as the stream is now, once that is no more than was confirmed: where it grew, the operator is
asked again, and the stream read again after the answer.

@throws StepError before anything is purged, where more would go than was confirmed, or what no backup holds.
*/
async function confirmedNow(
	context: RunContext,
	keep: number | 'nothing',
): Promise<Confirmed | {skipped: string}> {
	let confirmedLoss = context.confirmed.loss;
	for (;;) {
		context.signal.throwIfAborted();
		const now = await readImpact(context, keep);
		if (
			'skipped' in now ||
			confirmedLoss === undefined ||
			now.impact.unprocessed <= mostLoss(confirmedLoss)
		) {
			if (!('skipped' in now)) {
				refuseUnsaved(context, now.impact, now.before.state.last_seq);
			}
			return now;
		}
		const {unprocessed} = now.impact;
		const grown = `${formatCount(unprocessed)} unprocessed messages would go now, and ${formatCount(confirmedLoss)} were confirmed`;
		if (!context.confirmAgain) {
			throw new StepError(
				`${grown}. Nothing was purged. Look at the plan again, and confirm what it says now.`,
			);
		}
		context.progress(`${grown}: waiting for the operator`);
		if (!(await context.confirmAgain(now.impact, context.signal))) {
			context.signal.throwIfAborted();
			throw new StepError(`${grown}, and the operator did not confirm that. Nothing was purged.`);
		}
		context.progress(`the operator confirmed that ${formatCount(unprocessed)} go`);
		confirmedLoss = unprocessed;
	}
}

function readImpact(context: RunContext, keep: number | 'nothing'): Promise<Confirmed | {skipped: string}> {
	const {config, deployment} = context;
	return withJetStream(deployment, async (jetstream) => {
		let before: StreamInfo;
		try {
			before = await jetstream.stream(config.stream);
		} catch (error) {
			if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
				return {skipped: `the server does not know ${config.stream}; it is created in the next step`};
			}
			throw error;
		}
		const {consumers, missing} = await jetstream.consumers(config.stream);
		if (missing.length > 0) {
			throw new StepError(`${unanswered(missing)} Nothing was purged.`);
		}
		const facts = toStreamFacts(before, consumers);
		const impact = computeImpact(
			facts,
			keep === 'nothing' ? 0 : keep,
			deployment.clock.now(),
			config.consumer,
		);
		return impact.removedMessages === 0
			? {skipped: `nothing to purge: ${plural(facts.messages, 'message')} in ${config.stream}`}
			: {before, impact};
	});
}

/** @throws StepError before anything is purged, where the purge would take what came after the backup. */
function refuseUnsaved({backup, memory}: RunContext, {stream, keep}: Impact, lastSeq: number): void {
	const unsaved = backup ? lastSeq - keep - (memory.backup?.lastSeq ?? 0) : 0;
	if (unsaved > 0) {
		throw new StepError(
			`${plural(unsaved, 'message')} of ${stream} came after the backup and would go without one. Nothing was purged; run it again, or without a backup.`,
		);
	}
}

/**
The one purge of a run. It is never sent a second time, and the step does not end, not even by an abort, before it is
known what became of it: so nothing is started or stopped while it is under way.

@returns How many messages went.
*/
async function purge(
	jetstream: JetStreamControl,
	impact: Impact,
	keep: number | 'nothing',
	before: StreamInfo,
	context: RunContext,
): Promise<number> {
	const {stream} = impact;
	try {
		return await jetstream.purge(stream, keep);
	} catch (error) {
		if (isRefusal(error)) {
			throw error;
		}
		// It may still run: a purge that timed out on a frozen server ran when it woke (docs/facts.md).
		const why = sanitize((error as Error).message, 200);
		context.progress(`the outcome of the purge is unknown (${why}): it is read from the stream`);
		const after = await settledState(stream, context);
		if (after === undefined) {
			throw new StepError(
				`The purge of ${stream} got no answer (${why}), and the server does not know the stream any more. Full recovery (F) gives it back.`,
			);
		}
		const {kind, removed} = purgeOutcome(before.state, after.state, keep);
		const how = error instanceof JetStreamError ? 'failed' : 'got no answer';
		if (kind === 'nothing') {
			throw new StepError(
				`The purge of ${stream} ${how} (${why}), and the stream stands as it was. Nothing was removed.`,
			);
		}
		if (kind === 'partly') {
			writeLoss(context, impact, removed);
			throw new StepError(
				`The purge of ${stream} stopped in the middle (${why}): ${plural(removed, 'message')} went, ${formatCount(after.state.messages)} are left. Look at the plan again before another purge.`,
			);
		}
		context.progress(`no answer, but the stream says that the purge was done`);
		return removed;
	}
}

/** Whether nothing was purged for sure: it was never sent, nobody took it, or the server says no. */
function isRefusal(error: unknown): boolean {
	return (
		error instanceof RangeError ||
		(error instanceof NoAnswerError && ['no-responders', 'denied'].includes(error.reason)) ||
		// A failure of the store (10051) may come in the middle.
		(error instanceof JetStreamError && error.code < 500)
	);
}

function writeLoss(context: RunContext, impact: Impact, removed: number): void {
	const backup = context.memory.backup?.folder;
	const text = lossSentence({...impact, removedMessages: removed}, backup);
	try {
		context.write({event: 'lost', text, removed, ...(backup === undefined ? {} : {backup})});
	} catch (error) {
		// What went must be told, also where it can't be written down.
		throw new StepError(`Removed: ${text} It is not in the journal: ${(error as Error).message}.`);
	}
}

/** What a purge took, for the screen and the journal. */
export function lossSentence({removedMessages, consumers}: Impact, backupFolder: string | undefined): string {
	const parts = consumers.flatMap(({consumer, neverDelivered, unacknowledged}) => [
		...(neverDelivered > 0 ? [`${formatCount(neverDelivered)} never delivered to ${consumer}`] : []),
		...(unacknowledged > 0 ? [`${formatCount(unacknowledged)} unacknowledged by ${consumer}`] : []),
	]);
	const unprocessed =
		parts.length === 0 ? 'none that a consumer still needed' : `among them ${parts.join(', ')}`;
	const backup = backupFolder === undefined ? 'There is no backup' : `All are in the backup ${backupFolder}`;
	return `${plural(removedMessages, 'message')}, ${unprocessed}. ${backup}.`;
}

/** `purge`, `purge: {keep: 500}` */
export const purgeKind: StepKind<'purge'> = {
	key: 'purge',
	schema: stepShape.purge,
	needs: (value, config) => ({purge: keptBy(value) ?? config.keep}),
	make: (value) => purgeStep((keep) => keptBy(value) ?? keep),
};

const keptBy = (value: true | {keep?: number | 'nothing' | undefined}): number | 'nothing' | undefined =>
	value === true ? undefined : value.keep;
