import {delay} from '../clients/delay.ts';
import {ErrorCode, JetStreamError, streamInfo} from '../clients/nats/jetstream.ts';
import type {StreamInfo} from '../clients/nats/schema.ts';
import {StepError} from '../deployment/step-error.ts';
import {type RunContext, withNats} from './context.ts';

const settleDeadlineMs = 180_000;

/**
The stream once its first sequence has stood still over two seconds. Not ended by an abort: a purge is in flight.

@returns Undefined where the server does not know the stream.
@throws StepError where it gave no steady answer within three minutes.
*/
export async function settledState(stream: string, context: RunContext): Promise<StreamInfo | undefined> {
	const never = new AbortController().signal;
	const started = performance.now();
	let last: StreamInfo | undefined;
	let same = 0;
	while (performance.now() - started < settleDeadlineMs) {
		try {
			const now = await withNats(context, (connection) => streamInfo(connection, stream, 2000));
			same = now.state.first_seq === last?.state.first_seq ? same + 1 : 0;
			last = now;
			if (same >= 4) {
				return now;
			}
		} catch (error) {
			if (error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound) {
				return undefined;
			}
			same = 0;
		}
		await delay(500, never);
	}
	throw new StepError(
		`The outcome of the purge of ${stream} is unknown: the stream gave no steady answer in 3 min. Do not purge again before it does.`,
	);
}
