import type {NatsConnection} from 'nats';
import {
	ErrorCode,
	JetStreamError,
	listConsumers,
	NoAnswerError,
	streamInfo,
} from '../../clients/nats/jetstream.ts';
import {purgeStream} from '../../clients/nats/purge.ts';
import {type StreamInfo, toStreamFacts} from '../../clients/nats/schema.ts';
import {formatCount, plural} from '../../text/count.ts';
import {type RunContext, StepError, withNats} from '../context.ts';
import {computeImpact} from '../impact.ts';
import {settledState} from '../settled.ts';
import type {Step} from '../step.ts';
import type {Impact} from '../types.ts';

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
		return `nats stream purge ${config.stream}${keep === 'nothing' ? '' : ` --keep ${keep}`} --force`;
	},
	async run(context, {config}) {
		const keep = keepOf(config.keep);
		if (context.memory.readopted) {
			return {skipped: `${config.stream} was given back with its messages, so nothing is purged`};
		}
		return withNats(context, async (connection) => {
			let before: StreamInfo;
			try {
				before = await streamInfo(connection, config.stream);
			} catch (error) {
				if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
					return {skipped: `the server does not know ${config.stream}; it is created in the next step`};
				}
				throw error;
			}
			const facts = toStreamFacts(before, await listConsumers(connection, config.stream));
			const impact = computeImpact(facts, keep === 'nothing' ? 0 : keep, Date.now(), config.consumer);
			if (impact.removedMessages === 0) {
				return {skipped: `nothing to purge: ${plural(facts.messages, 'message')} in ${config.stream}`};
			}
			refuseSurprise(context, impact, before.state.last_seq);
			context.signal.throwIfAborted();
			context.progress(`${plural(impact.removedMessages, 'message')} go`);
			const removed = await purge(connection, config.stream, keep, before, context);
			// At once: whatever happens next, the record says what went.
			const backup = context.memory.backup?.folder;
			const text = lossSentence(impact, backup);
			context.write({
				event: 'lost',
				text,
				removed,
				...(backup === undefined ? {} : {backup}),
				at: Date.now(),
			});
			const after = await streamInfo(connection, config.stream, 10_000);
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

async function purge(
	connection: NatsConnection,
	stream: string,
	keep: number | 'nothing',
	before: StreamInfo,
	context: RunContext,
): Promise<number> {
	try {
		return await purgeStream(connection, stream, keep);
	} catch (error) {
		const unknown = error instanceof NoAnswerError && ['timeout', 'disconnected'].includes(error.reason);
		if (!unknown) {
			throw error;
		}
		// It may still run: a purge that timed out on a frozen server ran when it woke (docs/facts.md). It is
		// never sent a second time; the state tells what became of it.
		context.progress('no answer to the purge: its outcome is read from the stream');
		const after = await settledState(stream, context);
		if (after.state.first_seq === before.state.first_seq && after.state.messages >= before.state.messages) {
			throw new StepError(
				`The purge of ${stream} got no answer, and the stream stands as it was. Nothing was removed.`,
			);
		}
		return Math.max(0, after.state.first_seq - before.state.first_seq);
	}
}

// Between the plan and the purge a few messages are always under way.
const lossSlack = 100;

/**
Ends the step where the purge would take more than was confirmed, or what no backup holds.

@throws StepError before anything is purged.
*/
function refuseSurprise({confirmed, backup, memory}: RunContext, impact: Impact, lastSeq: number): void {
	const {unprocessed, stream, keep} = impact;
	const confirmedLoss = confirmed.loss;
	if (confirmedLoss !== undefined && unprocessed > confirmedLoss * 2 + lossSlack) {
		throw new StepError(
			`${formatCount(unprocessed)} unprocessed messages would go, and ${formatCount(confirmedLoss)} were confirmed. Nothing was purged; look at the plan again.`,
		);
	}
	const unsaved = backup ? lastSeq - keep - (memory.backup?.lastSeq ?? 0) : 0;
	if (unsaved > 0) {
		throw new StepError(
			`${plural(unsaved, 'message')} of ${stream} came after the backup and would go without one. Nothing was purged; run it again, or without a backup.`,
		);
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
