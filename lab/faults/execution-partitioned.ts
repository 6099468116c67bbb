import {disconnect, reconnectAll} from '../tools/network.ts';
import type {Fault} from './fault.ts';

/** The consuming service is cut off from the network; its published port refuses, too. */
export const executionPartitioned: Fault = {
	name: 'execution-partitioned',
	summary: 'titan-execution is disconnected from the network; port 8081 refuses and lag grows',
	topology: 'any',
	early: true,
	break: (scene) => disconnect(scene, 'titan-execution'),
	mend: reconnectAll,
};
