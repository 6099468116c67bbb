import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The service has lost NATS, and says that it has not. */
export const executionLies: Fault = {
	name: 'execution-lies',
	summary: 'titan-execution has no connection to NATS any more and says that it is healthy and connected',
	topology: 'single',
	async break(scene) {
		await turnOn(scene, 'titan-execution', 'off-the-line');
		await until('A service without a connection', async () => {
			const {text} = await page(8222, '/connz');
			return (
				text !== '' &&
				!/"name": *"titan-execution"/.test(text) &&
				(await page(8081, '/health')).status === 200
			);
		});
	},
	mend: turnAllOff,
};
