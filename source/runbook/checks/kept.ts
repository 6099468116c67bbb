import {formatCount, plural} from '../../text/count.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check, idleAfterMs} from './check.ts';
import type {Shared} from './shared-nats.ts';

type Purged = NonNullable<RunContext['memory']['purge']>;

/** The count that a purge kept, from the sequences: publishers may have gone on meanwhile. */
export function keptEvidence(purge: Purged): {ok: boolean; evidence: string} {
	const {keep, firstSeq, lastSeqBefore, lastSeqAfter, messagesAfter, removed} = purge;
	if (keep === 'nothing') {
		const ok = firstSeq > lastSeqBefore;
		return {ok, evidence: `${plural(removed, 'message')} removed, the first sequence is ${firstSeq}`};
	}
	// What came between the two reads was kept too, whether it came before the purge or after it. Counted in
	// messages and not in sequences: a stream may have gaps.
	const ok = messagesAfter - (lastSeqAfter - lastSeqBefore) <= keep && keep <= messagesAfter;
	return {
		ok,
		evidence: ok
			? `exactly the last ${formatCount(keep)} were kept, from sequence ${firstSeq} on; ${formatCount(removed)} removed`
			: `${formatCount(messagesAfter)} messages are left from sequence ${firstSeq} on: not the last ${formatCount(keep)} of ${lastSeqBefore}`,
	};
}

/** A purge kept what it should, and the stream takes messages again. */
export function purgeCheck({config}: RunContext, nats: Shared, purge: Purged): Check {
	const {keep} = purge;
	const name =
		keep === 'nothing' ? `${config.stream} was emptied` : `the last ${formatCount(keep)} messages were kept`;
	return {
		name,
		otherwise:
			'Look at the stream before anything else is purged; what went is in the backup (jetmedic restore).',
		async test(elapsedMs) {
			const kept = keptEvidence(purge);
			if (!kept.ok) {
				return kept;
			}
			const {state, config: limits} = await (await nats.get()).stream(config.stream, answerMs);
			const room = limits.max_bytes <= 0 || state.bytes < limits.max_bytes;
			if (state.last_seq > purge.lastSeqAfter) {
				return {ok: true, evidence: `${kept.evidence}; publishing works, sequence ${state.last_seq} is in`};
			}
			return room && elapsedMs > idleAfterMs
				? {ok: true, evidence: `${kept.evidence}; nobody published in ${idleAfterMs / 1000} s`}
				: {ok: false, evidence: `${kept.evidence}; nothing published yet`};
		},
	};
}
