import {docker} from '../project/docker.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** Of one second, on a machine that is busy otherwise. */
const LINES = 10_000;

/** The publishing service writes more than anybody can read. */
export const logFlood: Fault = {
	name: 'log-flood',
	summary: 'titan-brain writes 20,000 lines a second to its log, and works on',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'flood');
		await until('A flood of lines', async () => {
			const lines = await docker(scene.engine, 'Reading the log', 'logs', '--since', '1s', 'titan-brain');
			return lines.split('\n').length > LINES;
		});
	},
	mend: turnAllOff,
};
