import {docker} from '../project/docker.ts';
import {startAll} from '../tools/containers.ts';
import type {Fault} from './fault.ts';

/** The consuming service's container is gone. */
export const executionRemoved: Fault = {
	name: 'execution-removed',
	summary: 'docker rm -f titan-execution; nobody consumes and only Compose can make it anew',
	topology: 'any',
	async break({engine}) {
		await docker(engine, 'Removing titan-execution', 'rm', '-f', 'titan-execution');
	},
	// what is missing is made anew before any fault is undone
	mend: startAll,
};
