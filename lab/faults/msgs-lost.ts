import {docker} from '../project/docker.ts';
import {STREAM, waitJetStream, withNats} from '../project/stream.ts';
import {needRunning} from '../tools/containers.ts';
import {damage} from '../tools/data.ts';
import {publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const MESSAGES = 500;

/** All messages are lost, and with them how far the stream had counted. */
export const msgsLost: Fault = {
	name: 'msgs-lost',
	summary: 'the folder msgs of TITAN_INTENTS is lost: no message is left, and sequences begin at 1 again',
	topology: 'single',
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		const before = await withNats(scene.place, async (nc, jsm) => {
			await publishMany(nc, 'titan.intents.filler', MESSAGES);
			return (await jsm.streams.info(STREAM)).state;
		});
		await docker(scene.engine, 'Stopping titan-nats', 'stop', 'titan-nats');
		await damage(scene, 'rm -rf msgs');
		await docker(scene.engine, 'Starting titan-nats', 'start', 'titan-nats');
		await waitJetStream(scene.place);
		await withNats(scene.place, (_nc, jsm) =>
			until(
				'A stream that counts anew',
				async () => (await jsm.streams.info(STREAM)).state.last_seq < before.last_seq,
			),
		);
	},
	mend: restoreStream,
};
