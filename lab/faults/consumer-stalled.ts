import {withNats} from '../project/stream.ts';
import {consumerInfo, publishMany} from '../tools/stream.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const BURST = 3000;

/** The consuming service stays connected and stops acknowledging. */
export const consumerStalled: Fault = {
	name: 'consumer-stalled',
	summary: 'titan-execution looks healthy but acknowledges nothing: ack pending at its limit, lag growing',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-execution', 'stall');
		await withNats(scene.place, async (nc, jsm) => {
			await publishMany(nc, 'titan.intents.burst', BURST);
			await until('A consumer at its limit of unacknowledged messages', async () => {
				const info = await consumerInfo(jsm);
				return info !== undefined && info.num_ack_pending >= (info.config.max_ack_pending ?? 0);
			});
		});
	},
	mend: turnAllOff,
};
