import {docker} from '../project/docker.ts';
import {withNats} from '../project/stream.ts';
import {EXTRA, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const NAME = `${EXTRA}PAIR`;
/** The services' own server goes on. */
const STAYS = 'titan-nats';

/** A stream that two servers keep, which both of them are needed for, and one of them is down. */
export const streamLeaderless: Fault = {
	name: 'stream-leaderless',
	summary:
		'one of the two servers of a stream is stopped: two replicas need both for a majority, so nobody leads it',
	topology: 'cluster',
	async break({place, engine}) {
		const holders = await withNats(place, async (nc, jsm) => {
			const {cluster} = await jsm.streams.add({name: NAME, subjects: ['lab.pair'], num_replicas: 2});
			await publishMany(nc, 'lab.pair', 100);
			return [cluster?.leader, ...(cluster?.replicas ?? []).map(({name}) => name)];
		});
		const victim = holders.find((name) => name !== undefined && name !== STAYS) ?? '';
		await docker(engine, `Stopping ${victim}`, 'stop', victim);
		await until(
			'A stream without a leader',
			() =>
				withNats(place, async (nc) => {
					const jsm = await nc.jetstreamManager({timeout: 1000, checkAPI: false});
					return jsm.streams.info(NAME).then(
						({cluster}) => !cluster?.leader,
						() => true,
					);
				}),
			20_000,
		);
	},
	mend: restoreStream,
};
