import {DiscardPolicy} from 'nats';
import {STREAM, withNats} from '../project/stream.ts';
import {streamConfig} from '../services/configs.ts';
import {consumerInfo, publishMany, pullNothing, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const MOST = 200;
const LOST = 100;

/** The stream is full and makes room by dropping what its consumer has never seen. */
export const streamDropping: Fault = {
	name: 'stream-dropping',
	summary:
		'TITAN_INTENTS holds 200 messages at most, drops the oldest, and execution-consumer reads none of them',
	topology: 'any',
	async break(scene) {
		await withNats(scene.place, async (nc, jsm) => {
			await pullNothing(scene, jsm);
			const {num_replicas} = (await jsm.streams.info(STREAM)).config;
			const limits = {discard: DiscardPolicy.Old, max_msgs: MOST};
			await jsm.streams.update(STREAM, {...streamConfig(num_replicas), ...limits});
			await publishMany(nc, 'titan.intents.filler', MOST + LOST);
			await until('The loss of unread messages', async () => {
				const {first_seq, messages} = (await jsm.streams.info(STREAM)).state;
				const floor = (await consumerInfo(jsm))?.ack_floor.stream_seq ?? first_seq;
				return messages === MOST && first_seq - 1 - floor >= LOST / 2;
			});
		});
	},
	mend: restoreStream,
};
