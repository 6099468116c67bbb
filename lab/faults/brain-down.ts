import {docker} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import type {Fault} from './fault.ts';

/** The publishing service is stopped. */
export const brainDown: Fault = {
	name: 'brain-down',
	summary: 'docker stop titan-brain; port 3100 refuses',
	topology: 'any',
	async break({engine}) {
		await docker(engine, 'Stopping titan-brain', 'stop', 'titan-brain');
	},
	mend: startAll,
};
