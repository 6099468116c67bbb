import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The health page accepts and never answers. */
export const brainHangs: Fault = {
	name: 'brain-hangs',
	summary: 'titan-brain works, but its health page accepts connections and never answers',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'page-hangs');
		await until('A page that hangs', async () => (await page(3100, '/health')).status === 0);
	},
	mend: turnAllOff,
};
