import {turnAllOff, turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The health page takes its time. */
export const brainSlow: Fault = {
	name: 'brain-slow',
	summary: "titan-brain's health page answers as ever, but takes 1.2 s",
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'page-slow');
		await until('A slow page', async () => {
			const began = performance.now();
			const {status} = await page(3100, '/health', 5000);
			return status === 200 && performance.now() - began > 1000;
		});
	},
	mend: turnAllOff,
};
