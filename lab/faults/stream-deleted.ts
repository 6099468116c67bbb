import {STREAM, withNats} from '../project/stream.ts';
import {MAKERS, restoreStream, streamInfo} from '../tools/stream.ts';
import {turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The stream is gone, and no service makes it again. */
export const streamDeleted: Fault = {
	name: 'stream-deleted',
	summary: 'TITAN_INTENTS is deleted (10059) with its messages; publishers get no responders',
	topology: 'any',
	async break(scene) {
		for (const name of MAKERS) await turnOn(scene, name, 'create-nothing');
		await withNats(scene.place, (_nc, jsm) =>
			until('The end of the stream', async () => {
				// a service may have been making it in this very moment
				if (await streamInfo(jsm)) await jsm.streams.delete(STREAM);
				return (await streamInfo(jsm)) === undefined;
			}),
		);
	},
	mend: restoreStream,
};
