import {docker} from '../project/docker.ts';
import type {Fault} from './fault.ts';
import {startIfDown} from './tools.ts';

/** The publishing service is stopped. */
export const brainDown: Fault = {
	name: 'brain-down',
	summary: 'docker stop titan-brain; port 3100 refuses',
	async break({engine}) {
		await docker(engine, 'Stopping titan-brain', 'stop', 'titan-brain');
	},
	mend: (scene) => startIfDown(scene, 'titan-brain'),
};
