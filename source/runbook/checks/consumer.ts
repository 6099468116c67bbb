import {formatCount} from '../../text/count.ts';
import {formatElapsed} from '../../text/duration.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check, idleAfterMs} from './check.ts';
import {rises, risesWanted, type Samples, sampled, sampleWords} from './samples.ts';
import type {Shared} from './shared-nats.ts';

/**
The consumer is there and its acknowledgement floor rises over several samples; where nothing is published and nothing is
left to do, standing still is as good.
*/
export function consumerCheck({config}: RunContext, nats: Shared): Check {
	let floors: Samples = [];
	let firstSeq: number | undefined;
	return {
		name: `${config.consumer} is there and its floor moves`,
		otherwise: `Restart the service that consumes ${config.consumer}; where the consumer is gone, recreate it (C).`,
		async test(elapsedMs) {
			const jetstream = await nats.get();
			const [consumer, stream] = await Promise.all([
				jetstream.consumer(config.stream, config.consumer, answerMs),
				jetstream.stream(config.stream, answerMs),
			]);
			const floor = consumer.ack_floor.stream_seq;
			const lastSeq = stream.state.last_seq;
			firstSeq ??= lastSeq;
			floors = sampled(floors, floor);
			const backlog = `lag ${formatCount(consumer.num_pending)}, ack pending ${formatCount(consumer.num_ack_pending)}`;
			if (rises(floors) >= risesWanted) {
				return {
					ok: true,
					evidence: `floor ${sampleWords(floors)} in ${formatElapsed(elapsedMs)}, ${backlog}`,
				};
			}
			const isDone = consumer.num_pending === 0 && consumer.num_ack_pending === 0;
			return lastSeq === firstSeq && isDone && elapsedMs > idleAfterMs
				? {ok: true, evidence: `everything is acknowledged, and nothing new came in ${idleAfterMs / 1000} s`}
				: {ok: false, evidence: `floor stands at ${floor}, ${backlog}`};
		},
	};
}
