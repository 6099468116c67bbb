import {withNats} from '../project/stream.ts';
import {consumerInfo} from '../tools/stream.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const BEHIND = 10;

/** The consuming service works, and too slowly. */
export const consumerSlow: Fault = {
	name: 'consumer-slow',
	summary:
		'titan-execution handles at most 5 messages a second of the 14 that come: lag grows, all else is well',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-execution', 'one-by-one');
		await withNats(scene.place, (_nc, jsm) =>
			until(
				'A consumer that falls behind',
				async () => ((await consumerInfo(jsm))?.num_pending ?? 0) > BEHIND,
			),
		);
	},
	mend: turnAllOff,
};
