import {withNats} from '../project/stream.ts';
import {EXTRA, publishMany, restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const ORIGIN = `${EXTRA}ORIGIN`;
const MIRROR = `${EXTRA}MIRROR`;
const MESSAGES = 300;

/** A mirror whose original is gone. */
export const mirrorBehind: Fault = {
	name: 'mirror-behind',
	summary:
		'a stream mirrors another one that is deleted: it gets nothing more, and says so after 20 s (10059)',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			await jsm.streams.add({name: ORIGIN, subjects: ['lab.origin']});
			await jsm.streams.add({name: MIRROR, mirror: {name: ORIGIN}});
			await publishMany(nc, 'lab.origin', MESSAGES);
			await until(
				'A mirror that is current',
				async () => (await jsm.streams.info(MIRROR)).state.messages === MESSAGES,
			);
			await jsm.streams.delete(ORIGIN);
		});
	},
	mend: restoreStream,
};
