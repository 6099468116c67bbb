import {waitJetStream, withNats} from '../project/stream.ts';
import {restartWith, restoreConfig} from '../tools/config.ts';
import {fillStream} from '../tools/fill.ts';
import {EXTRA, refusal} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const RESOURCES_EXCEEDED = 10023;

/** The server's own store is full, and the stream of the services is not. */
export const storeFull: Fault = {
	name: 'store-full',
	summary: 'another stream fills the server (max_file_store 80 MiB): TITAN_INTENTS refuses with 10023',
	topology: 'single',
	early: true,
	async break(scene) {
		await restartWith(scene, 'jetstream: {store_dir: /data, max_file_store: 80M}');
		await waitJetStream(scene.place);
		await withNats(scene.place, async (nc, jsm) => {
			await jsm.streams.add({name: `${EXTRA}ARCHIVE`, subjects: ['lab.archive']});
			await fillStream(nc, 'lab.archive', RESOURCES_EXCEEDED);
			await until(
				'A refusal of the full store',
				async () => (await refusal(nc, 'titan.intents.filler', 1)) === RESOURCES_EXCEEDED,
			);
		});
	},
	mend: restoreConfig,
};
