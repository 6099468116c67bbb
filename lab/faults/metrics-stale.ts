import {setTimeout as sleep} from 'node:timers/promises';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The sentinel reads the stream each second, and something is published in each. */
const STILL_MS = 2500;

/** The metrics are those of some time ago, for good. */
export const metricsStale: Fault = {
	name: 'metrics-stale',
	summary: 'the figures of titan-sentinel stand still while the stream moves on',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-sentinel', 'figures-frozen');
		await until('Figures that stand still', async () => {
			const before = (await page(3002, '/metrics')).text;
			await sleep(STILL_MS);
			return before !== '' && (await page(3002, '/metrics')).text === before;
		});
	},
	mend: turnAllOff,
};
