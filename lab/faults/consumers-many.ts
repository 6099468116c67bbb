import {withNats} from '../project/stream.ts';
import {api, EXTRA, restoreStream} from '../tools/stream.ts';
import type {Fault} from './fault.ts';

const STREAM = `${EXTRA}MANY`;
const CONSUMERS = 1500;
const AT_ONCE = 50;

/** More consumers than the server can put away in the time that its container gives it. */
export const consumersMany: Fault = {
	name: 'consumers-many',
	summary:
		'a stream with 1500 durable consumers: the server needs longer to stop than its grace period of 10 s',
	topology: 'single',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			await jsm.streams.add({name: STREAM, subjects: ['lab.many'], max_consumers: CONSUMERS});
			for (let made = 0; made < CONSUMERS; made += AT_ONCE) {
				await Promise.all(
					Array.from({length: AT_ONCE}, (_, n) => {
						const name = `many-${made + n}`;
						return api(nc, `CONSUMER.DURABLE.CREATE.${STREAM}.${name}`, {
							stream_name: STREAM,
							config: {durable_name: name, ack_policy: 'explicit'},
						});
					}),
				);
			}
		});
	},
	mend: restoreStream,
};
