import {docker} from '../project/docker.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const NAME = 'titan-execution';
const MOST_PERCENT = 90;

/** The consuming service holds nearly all the memory it may have, and works. */
export const executionMemory: Fault = {
	name: 'execution-memory',
	summary: 'titan-execution holds more than 90 % of its 256 MiB and works on',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, NAME, 'memory');
		await until(`${NAME} at its memory limit`, async () => {
			const used = await docker(
				scene.engine,
				`Reading the memory of ${NAME}`,
				'stats',
				'--no-stream',
				'--format',
				'{{.MemPerc}}',
				NAME,
			);
			return Number.parseFloat(used) > MOST_PERCENT;
		});
	},
	mend: turnAllOff,
};
