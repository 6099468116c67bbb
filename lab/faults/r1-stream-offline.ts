import {docker} from '../project/docker.ts';
import {withNats} from '../project/stream.ts';
import {serverNamed} from '../tools/cluster.ts';
import {EXTRA, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const NAME = `${EXTRA}SINGLE`;
/** The server places a stream where it likes; a few tries put one on a server that is not the first. */
const TRIES = 20;

/** A stream that only one server holds, and that server is down. */
export const r1StreamOffline: Fault = {
	name: 'r1-stream-offline',
	summary: 'a stream with one replica on a server that is stopped: STREAM.INFO times out, all else goes on',
	topology: 'cluster',
	async break({place, engine}) {
		const holder = await withNats(place, async (nc, jsm) => {
			for (let tries = 0; tries < TRIES; tries++) {
				await jsm.streams.add({name: NAME, subjects: ['lab.single'], num_replicas: 1});
				const {cluster} = await jsm.streams.info(NAME);
				if (cluster?.leader && cluster.leader !== 'titan-nats') {
					await publishMany(nc, 'lab.single', 100);
					return serverNamed(cluster.leader).name;
				}
				await jsm.streams.delete(NAME);
			}
			return undefined;
		});
		if (!holder) throw new Error(`${NAME} was placed on titan-nats ${TRIES} times`);
		await docker(engine, `Stopping ${holder}`, 'stop', holder);
		await until(
			'A stream that does not answer',
			() =>
				withNats(place, async (nc) => {
					const jsm = await nc.jetstreamManager({timeout: 1000, checkAPI: false});
					return jsm.streams.info(NAME).then(
						() => false,
						() => true,
					);
				}),
			20_000,
		);
	},
	mend: restoreStream,
};
