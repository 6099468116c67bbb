/** What of a stream's state tells what became of a purge. */
export type PurgedState = {messages: number; first_seq: number; last_seq: number};

/** What became of a purge that got no answer. */
export type PurgeOutcome = {kind: 'done' | 'partly' | 'nothing'; removed: number};

/**
What became of a purge, from the stream before it and after it stood still. Publishers may have gone on, and a server
that died in the middle leaves the first part removed (docs/facts.md).
*/
export function purgeOutcome(
	before: PurgedState,
	after: PurgedState,
	keep: number | 'nothing',
): PurgeOutcome {
	const newcomers = Math.max(0, after.last_seq - before.last_seq);
	const removed = Math.max(0, before.messages + newcomers - after.messages);
	const left = after.messages - newcomers;
	const isDone = keep === 'nothing' ? after.first_seq > before.last_seq : left <= keep;
	return {kind: isDone ? 'done' : removed > 0 ? 'partly' : 'nothing', removed};
}
