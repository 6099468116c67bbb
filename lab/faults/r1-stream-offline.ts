import {docker} from '../project/docker.ts';
import {withNats} from '../project/stream.ts';
import {EXTRA, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const NAME = `${EXTRA}SINGLE`;
const HOLDER = 'titan-nats-3';

/** A stream that only one server holds, and that server is down. */
export const r1StreamOffline: Fault = {
	name: 'r1-stream-offline',
	summary:
		'the only replica of a stream is on titan-nats-3, which is stopped: that stream is offline, all else goes on',
	topology: 'cluster',
	async break({place, engine}) {
		await withNats(place, async (nc, jsm) => {
			// each server has its name for a tag
			await jsm.streams.add({
				name: NAME,
				subjects: ['lab.single'],
				num_replicas: 1,
				placement: {cluster: 'titan', tags: [HOLDER]},
			});
			await publishMany(nc, 'lab.single', 100);
		});
		await docker(engine, `Stopping ${HOLDER}`, 'stop', HOLDER);
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
