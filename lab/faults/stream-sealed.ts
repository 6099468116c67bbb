import {STREAM, withNats} from '../project/stream.ts';
import {api, refusal, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const SEALED = 10109;

/** Somebody sealed the stream, which cannot be undone. */
export const streamSealed: Fault = {
	name: 'stream-sealed',
	summary: 'TITAN_INTENTS is sealed: it refuses messages and purges (10109) for ever',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			const {config} = await jsm.streams.info(STREAM);
			// a sealed stream keeps its messages for ever
			await api(nc, `STREAM.UPDATE.${STREAM}`, {...config, max_age: 0, sealed: true});
			await until('A sealed stream', async () => (await refusal(nc, 'titan.intents.filler')) === SEALED);
		});
	},
	mend: restoreStream,
};
