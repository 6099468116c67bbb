import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The metrics say what is not so. */
export const metricsWrong: Fault = {
	name: 'metrics-wrong',
	summary: 'titan-sentinel tells a lag of 987,654 messages and one byte of storage, which NATS does not',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-sentinel', 'figures-wrong');
		await until('Wrong figures', async () =>
			/^nats_lag_messages\{.*\} 987654$/m.test((await page(3002, '/metrics')).text),
		);
	},
	mend: turnAllOff,
};
