import {STREAM, withNats} from '../project/stream.ts';
import {consumerInfo, publishMany, pullNothing} from '../tools/stream.ts';
import {turnAllOff} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const MESSAGES = 800;

/** Somebody purged the stream through the API, with messages in it that nobody had read. */
export const purgedByHand: Fault = {
	name: 'purged-by-hand',
	summary:
		'TITAN_INTENTS is purged through the API with 800 unread messages in it: they are lost, all goes on',
	topology: 'any',
	async break(scene) {
		await withNats(scene.place, async (nc, jsm) => {
			await pullNothing(scene, jsm);
			await publishMany(nc, 'titan.intents.filler', MESSAGES);
			await until(
				'Unread messages',
				async () => ((await consumerInfo(jsm))?.num_pending ?? 0) >= MESSAGES / 2,
			);
			await jsm.streams.purge(STREAM);
		});
		await turnAllOff(scene);
	},
	mend: turnAllOff,
};
