import {docker} from '../project/docker.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The publishing service writes lines that a terminal would obey. */
export const hostileLogs: Fault = {
	name: 'hostile-logs',
	summary: 'titan-brain logs escape sequences, control characters, turned and wide text and a line of 30 KB',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'hostile');
		await until('A hostile line', async () => {
			const lines = await docker(scene.engine, 'Reading the log', 'logs', '--since', '1s', 'titan-brain');
			return lines.includes('\x1b[2J') && lines.includes('a long line');
		});
	},
	mend: turnAllOff,
};
