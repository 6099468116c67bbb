import {docker} from '../project/docker.ts';
import {STREAM, waitJetStream, withNats} from '../project/stream.ts';
import {needRunning} from '../tools/containers.ts';
import {damage} from '../tools/data.ts';
import {publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const BYTES = 10_000;
/** Enough for several blocks, which the server makes 8 MiB large. */
const MESSAGES = 2500;

/** Files with messages are gone from under the server. */
export const blocksDeleted: Fault = {
	name: 'blocks-deleted',
	summary:
		'the second message block of TITAN_INTENTS is deleted while the server is down: messages are missing',
	topology: 'single',
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		const before = await withNats(scene.place, async (nc, jsm) => {
			await publishMany(nc, 'titan.intents.filler', MESSAGES, BYTES);
			return (await jsm.streams.info(STREAM)).state;
		});
		await docker(scene.engine, 'Stopping titan-nats', 'stop', 'titan-nats');
		await damage(scene, 'rm $(ls msgs/*.blk | sed -n 2p)');
		await docker(scene.engine, 'Starting titan-nats', 'start', 'titan-nats');
		await waitJetStream(scene.place);
		await withNats(scene.place, (_nc, jsm) =>
			until('The loss of messages', async () => {
				const {messages} = (await jsm.streams.info(STREAM)).state;
				return messages < before.messages - 100;
			}),
		);
	},
	mend: restoreStream,
};
