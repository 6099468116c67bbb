import {withJetStream} from '../deployment/deployment.ts';
import {ErrorCode, JetStreamError, type StreamInfo} from '../deployment/jetstream.ts';
import {StepError} from '../deployment/step-error.ts';
import type {ReadContext} from './context.ts';

const settleDeadlineMs = 180_000;

/**
The stream once its first sequence has stood still over two seconds. Not ended by an abort: a purge is in flight.

@returns Undefined where the server does not know the stream.
@throws StepError where it gave no steady answer within three minutes.
*/
export async function settledState(
	stream: string,
	{deployment}: Pick<ReadContext, 'deployment'>,
): Promise<StreamInfo | undefined> {
	const {clock} = deployment;
	const started = clock.elapsed();
	let last: StreamInfo | undefined;
	let same = 0;
	while (clock.elapsed() - started < settleDeadlineMs) {
		try {
			const now = await withJetStream(deployment, (jetstream) => jetstream.stream(stream, 2000));
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
		await clock.delay(500);
	}
	throw new StepError(
		`The outcome of the purge of ${stream} is unknown: the stream gave no steady answer in 3 min. Do not purge again before it does.`,
	);
}
