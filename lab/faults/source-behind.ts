import {withNats} from '../project/stream.ts';
import {EXTRA, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const ORIGINS = [`${EXTRA}EAST`, `${EXTRA}WEST`];
const TARGET = `${EXTRA}ALL`;
const MESSAGES = 200;

/** A stream that collects two others, of which one is gone. */
export const sourceBehind: Fault = {
	name: 'source-behind',
	summary:
		'a stream collects two others, one of which is deleted: that source gives nothing, and says so after 20 s',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			for (const name of ORIGINS) await jsm.streams.add({name, subjects: [`lab.${name}`]});
			await jsm.streams.add({name: TARGET, sources: ORIGINS.map((name) => ({name}))});
			for (const name of ORIGINS) await publishMany(nc, `lab.${name}`, MESSAGES);
			await until(
				'Sources that are current',
				async () => (await jsm.streams.info(TARGET)).state.messages === MESSAGES * ORIGINS.length,
			);
			await jsm.streams.delete(ORIGINS[1]!);
		});
	},
	mend: restoreStream,
};
