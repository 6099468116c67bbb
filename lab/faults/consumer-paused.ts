import {DURABLE, STREAM, withNats} from '../project/stream.ts';
import {api, consumerInfo, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const HOUR_MS = 3_600_000;

/** Somebody paused the consumer through the API. */
export const consumerPaused: Fault = {
	name: 'consumer-paused',
	summary: 'execution-consumer is paused for an hour: it delivers nothing and lag grows',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			const until_ = new Date(Date.now() + HOUR_MS).toISOString();
			await api(nc, `CONSUMER.PAUSE.${STREAM}.${DURABLE}`, {pause_until: until_});
			await until('A paused consumer', async () => {
				const info = await consumerInfo(jsm);
				return info?.paused === true && info.num_pending > 0;
			});
		});
	},
	mend: restoreStream,
};
