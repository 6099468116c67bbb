import {setTimeout as sleep} from 'node:timers/promises';
import {containerState} from '../project/docker.ts';
import {STREAM, streamFigures, withNats} from '../project/stream.ts';
import {LabError} from '../run.ts';
import type {Fault} from './fault.ts';
import {needRunning, signalService} from './tools.ts';

const BURST = 3000;
const REACH_MS = 10_000;

/** The consuming service stays connected and stops acknowledging. */
export const consumerStalled: Fault = {
	name: 'consumer-stalled',
	summary: 'titan-execution looks healthy but acknowledges nothing: ack pending at its limit, lag growing',
	async break(scene) {
		await needRunning(scene, 'titan-execution');
		await signalService(scene, 'titan-execution', 'USR1');
		await withNats(async (nc, jsm) => {
			const js = nc.jetstream({timeout: 5000});
			const body = new TextEncoder().encode(JSON.stringify({burst: true, at: Date.now()}));
			for (let sent = 0; sent < BURST; sent += 500) {
				await Promise.all(Array.from({length: 500}, () => js.publish('titan.intents.burst', body)));
			}
			const deadline = Date.now() + REACH_MS;
			for (;;) {
				const {ackPending, maxAckPending} = await streamFigures(jsm);
				if (ackPending >= maxAckPending) return;
				if (Date.now() > deadline) {
					throw new LabError(
						`${STREAM}'s consumer stands at ${ackPending}/${maxAckPending} unacknowledged messages and does not reach its limit: run "npm run lab -- mend" and try again.`,
					);
				}
				await sleep(100);
			}
		});
	},
	async mend(scene) {
		const {status} = await containerState(scene.engine, 'titan-execution');
		if (status === 'running') await signalService(scene, 'titan-execution', 'USR2');
	},
};
