import {type StreamInfo, toStreamFacts} from '../../deployment/jetstream.ts';
import {unexplained} from '../../state/stream-changes.ts';
import {formatCount, plural} from '../../text/count.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

/**
Whether every message that the stream held when the run began is still there, was removed by this run, was acknowledged, or was
expired by a limit of the stream. Pure.

@param removed - Messages that this run's own purge removed, as the server counted them.
*/
export function account(
	start: StreamInfo,
	end: StreamInfo,
	removed: number,
	now: number,
): {ok: boolean; evidence: string} {
	const before = toStreamFacts(start);
	const after = toStreamFacts(end);
	if (after.lastSeq < before.lastSeq) {
		const why =
			after.storage === 'memory' ? 'it is kept in memory, which a restart loses' : 'its store was lost';
		return {
			ok: false,
			evidence: `its last sequence went back from ${formatCount(before.lastSeq)} to ${formatCount(after.lastSeq)}: ${why}; it held ${plural(before.messages, 'message')}`,
		};
	}
	const left = {...before, messages: before.messages - removed};
	const gone = unexplained(left, after, now);
	const missing = gone.removed + gone.gaps;
	const published = after.lastSeq - before.lastSeq;
	const sum = `${formatCount(before.messages)} at the start, ${formatCount(removed)} removed by this run, ${formatCount(published)} published since, ${formatCount(after.messages)} there now`;
	return missing === 0
		? {ok: true, evidence: sum}
		: {
				ok: false,
				evidence: `${plural(missing, 'message')} ${missing === 1 ? 'is' : 'are'} gone that this run did not remove and no limit explains: ${sum}`,
			};
}

/** No message disappeared during the run but those that this run removed. */
export const accountedCheck = (
	{config, deployment, memory}: RunContext,
	nats: Shared,
	start: StreamInfo,
): Check => ({
	name: `every message of ${config.stream} is accounted for`,
	otherwise:
		'Somebody else purged or deleted during the run, or the store lost messages. What this run removed is in its backup.',
	async test() {
		const end = await (await nats.get()).stream(config.stream, answerMs);
		return end.created === start.created
			? account(start, end, memory.purge?.removed ?? 0, deployment.clock.now())
			: {ok: false, evidence: `${config.stream} is another stream, created at ${end.created}`};
	},
});
