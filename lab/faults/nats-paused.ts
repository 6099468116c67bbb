import {pause, unpauseAll} from '../tools/containers.ts';
import type {Fault} from './fault.ts';

/** The server hangs: its port accepts and nothing answers. */
export const natsPaused: Fault = {
	name: 'nats-paused',
	summary: 'docker pause titan-nats; its ports accept connections and nothing answers',
	topology: 'any',
	early: true,
	break: (scene) => pause(scene, 'titan-nats'),
	mend: unpauseAll,
};
