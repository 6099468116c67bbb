import {DURABLE, STREAM, withNats} from '../project/stream.ts';
import {api, consumerInfo, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const BY = 100_000;

/** The consumer believes that what comes next was delivered long ago, as after the loss of a stream whose consumers stayed. */
export const consumerAhead: Fault = {
	name: 'consumer-ahead',
	summary:
		'execution-consumer is 100,000 messages ahead of the end of TITAN_INTENTS: new messages are not delivered',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			const {state} = await jsm.streams.info(STREAM);
			await api(nc, `CONSUMER.RESET.${STREAM}.${DURABLE}`, {seq: state.last_seq + BY});
			await until('A consumer that is ahead', async () => {
				const info = await consumerInfo(jsm);
				return (info?.ack_floor.stream_seq ?? 0) > state.last_seq;
			});
		});
	},
	mend: restoreStream,
};
