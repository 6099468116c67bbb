import type {NatsConnection} from 'nats';
import {request} from './jetstream.ts';
import {purgeSchema} from './schema.ts';

/**
The only place of the project that purges.

`keep` is checked here and nowhere else: `"keep":0`, a NaN and an undefined all mean "purge everything" to the
server. To purge everything, say so with `'nothing'`.

@throws RangeError before anything is sent, when `keep` is neither a whole number of at least 1 nor `'nothing'`.
@throws JetStreamError when the server refuses: 10059 no such stream, 10109 sealed, 10110 deny_purge.
@throws NoAnswerError with the reason `timeout` when the outcome is unknown: the purge may still run. Read the
stream's state until it stands still before anything else.
@returns How many messages the server removed.
*/
export async function purgeStream(
	connection: NatsConnection,
	stream: string,
	keep: number | 'nothing',
	timeoutMs = 60_000,
): Promise<number> {
	if (keep !== 'nothing' && (!Number.isSafeInteger(keep) || keep < 1)) {
		throw new RangeError(`A purge keeps a whole number of messages, at least 1; ${String(keep)} is not one.`);
	}
	if (!/^[^\s.*>/\\]+$/.test(stream)) {
		throw new RangeError('That is not the name of a stream.');
	}
	const answer = await request(
		connection,
		`STREAM.PURGE.${stream}`,
		keep === 'nothing' ? undefined : {keep},
		purgeSchema,
		timeoutMs,
	);
	return answer.purged;
}
