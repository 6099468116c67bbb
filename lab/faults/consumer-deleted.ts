import {DURABLE, STREAM, withNats} from '../project/stream.ts';
import {consumerInfo, MAKERS, restoreStream} from '../tools/stream.ts';
import {turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The consumer is gone, and the service does not make it again. */
export const consumerDeleted: Fault = {
	name: 'consumer-deleted',
	summary: 'execution-consumer is deleted (10014) and titan-execution waits for somebody to make it again',
	topology: 'any',
	async break(scene) {
		for (const name of MAKERS) await turnOn(scene, name, 'create-nothing');
		await withNats(scene.place, async (_nc, jsm) => {
			await until('The end of the consumer', async () => {
				// a service may have been making it in this very moment
				if (await consumerInfo(jsm)) await jsm.consumers.delete(STREAM, DURABLE);
				return (await consumerInfo(jsm)) === undefined;
			});
		});
	},
	mend: restoreStream,
};
