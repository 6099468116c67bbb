import {containerState} from '../project/docker.ts';
import type {Fault} from './fault.ts';
import {needRunning, signalService} from './tools.ts';

/** The sentinel lives, but its metrics are gone. */
export const metricsDown: Fault = {
	name: 'metrics-down',
	summary: 'titan-sentinel runs, but port 3002 answers nothing',
	async break(scene) {
		await needRunning(scene, 'titan-sentinel');
		await signalService(scene, 'titan-sentinel', 'USR1');
	},
	async mend(scene) {
		const {status} = await containerState(scene.engine, 'titan-sentinel');
		if (status === 'running') await signalService(scene, 'titan-sentinel', 'USR2');
	},
};
