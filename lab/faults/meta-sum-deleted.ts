import {docker} from '../project/docker.ts';
import {withNats} from '../project/stream.ts';
import {needRunning} from '../tools/containers.ts';
import {damage} from '../tools/data.ts';
import {MAKERS, restoreStream, streamInfo} from '../tools/stream.ts';
import {turnOn} from '../tools/switches.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server does not know the stream any more, though every message is still on its disk. */
export const metaSumDeleted: Fault = {
	name: 'meta-sum-deleted',
	summary:
		'meta.sum of TITAN_INTENTS is gone: 10059, healthz says could not be recovered, the messages are there',
	topology: 'single',
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		// the services would make the stream anew, which takes the messages up again
		for (const name of MAKERS) await turnOn(scene, name, 'create-nothing');
		await docker(scene.engine, 'Stopping titan-nats', 'stop', 'titan-nats');
		await damage(scene, 'rm meta.sum');
		await docker(scene.engine, 'Starting titan-nats', 'start', 'titan-nats');
		await until('A server without the stream', async () => {
			const {text} = await page(8222, '/healthz');
			if (text === '' || /ready for connections/.test(text)) return false;
			return withNats(scene.place, async (_nc, jsm) => (await streamInfo(jsm)) === undefined);
		});
	},
	mend: restoreStream,
};
