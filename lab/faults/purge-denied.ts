import {STREAM, withNats} from '../project/stream.ts';
import {restoreStream} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The stream may not be purged, which cannot be undone; all else works. */
export const purgeDenied: Fault = {
	name: 'purge-denied',
	summary: 'TITAN_INTENTS has deny_purge: it works, and every purge is refused (10110)',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (_nc, jsm) => {
			const {config} = await jsm.streams.info(STREAM);
			await jsm.streams.update(STREAM, {...config, deny_purge: true});
			await until(
				'A stream that denies purges',
				async () => (await jsm.streams.info(STREAM)).config.deny_purge === true,
			);
		});
	},
	mend: restoreStream,
};
