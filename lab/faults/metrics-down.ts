import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The sentinel lives, but its metrics are gone. */
export const metricsDown: Fault = {
	name: 'metrics-down',
	summary: 'titan-sentinel runs, but port 3002 answers nothing',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-sentinel', 'page-off');
		await until('A silent page', async () => (await page(3002, '/metrics')).status === 0);
	},
	mend: turnAllOff,
};
