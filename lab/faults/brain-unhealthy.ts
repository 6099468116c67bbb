import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The service says that it has lost NATS, and has not. */
export const brainUnhealthy: Fault = {
	name: 'brain-unhealthy',
	summary: 'titan-brain answers 503 with nats unhealthy, although it is connected and publishes',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'says-unhealthy');
		await until('An unhealthy page', async () => {
			const {status, text} = await page(3100, '/health');
			return status === 503 && /"name":"nats","status":"unhealthy"/.test(text);
		});
	},
	mend: turnAllOff,
};
