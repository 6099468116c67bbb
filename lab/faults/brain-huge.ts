import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The health page answers more than anybody should read. */
export const brainHuge: Fault = {
	name: 'brain-huge',
	summary: "titan-brain's health page answers 200 with a body of 100 MB",
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'page-huge');
		await until('A huge page', async () => (await page(3100, '/health', 5000)).text.length > 100_000_000);
	},
	mend: turnAllOff,
};
