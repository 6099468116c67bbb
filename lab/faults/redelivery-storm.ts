import {withNats} from '../project/stream.ts';
import {POISON} from '../services/settings.ts';
import {consumerInfo, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const POISONED = 200;

/** Messages that the service cannot handle come back for ever. */
export const redeliveryStorm: Fault = {
	name: 'redelivery-storm',
	summary:
		'200 messages that titan-execution gives back (nak) each time: redelivered without end, all else flows',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			await publishMany(nc, POISON, POISONED);
			await until(
				'The redelivery of every message',
				async () => ((await consumerInfo(jsm))?.num_redelivered ?? 0) >= POISONED,
			);
		});
	},
	mend: restoreStream,
};
