import {DURABLE, STREAM, withNats} from '../project/stream.ts';
import {POISON} from '../services/settings.ts';
import {consumerInfo, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const POISONED = 60;
const DELIVERIES = 3;

/** Messages that the service cannot handle came as often as they may, and nobody will see them again. */
export const consumerMaxDeliveries: Fault = {
	name: 'consumer-max-deliveries',
	summary:
		'60 messages reach max_deliver 3 unacknowledged: they stay in the stream and are never delivered again',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			const advisories = nc.subscribe(`$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${STREAM}.${DURABLE}`);
			await jsm.consumers.update(STREAM, DURABLE, {max_deliver: DELIVERIES});
			await publishMany(nc, POISON, POISONED);
			await until('The last delivery of every message', async () => advisories.getReceived() >= POISONED);
			await until('What is left of them', async () => (await consumerInfo(jsm)) !== undefined);
		});
	},
	mend: restoreStream,
};
