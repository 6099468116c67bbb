import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The health page answers what is no JSON. */
export const brainGarbage: Fault = {
	name: 'brain-garbage',
	summary:
		"titan-brain's health page answers 200 with bytes that are no UTF-8, an escape sequence and half a JSON text",
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'page-garbage');
		await until('Garbage', async () => {
			const {status, text} = await page(3100, '/health');
			return status === 200 && text.includes('\x1b[2J');
		});
	},
	mend: turnAllOff,
};
