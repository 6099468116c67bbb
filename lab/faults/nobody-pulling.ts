import {withNats} from '../project/stream.ts';
import {consumerInfo} from '../tools/stream.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The consuming service is connected and healthy, and asks for nothing. */
export const nobodyPulling: Fault = {
	name: 'nobody-pulling',
	summary: 'titan-execution stays connected and healthy and pulls nothing: no waiting pulls, lag growing',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-execution', 'pull-nothing');
		await withNats(scene.place, (_nc, jsm) =>
			until('A consumer that nobody asks', async () => {
				const info = await consumerInfo(jsm);
				return info?.num_waiting === 0 && info.num_pending > 0;
			}),
		);
	},
	mend: turnAllOff,
};
