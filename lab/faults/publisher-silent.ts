import {setTimeout as sleep} from 'node:timers/promises';
import {STREAM, withNats} from '../project/stream.ts';
import {turnAllOff, turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const SILENT_MS = 1000;

/** The services that publish are well and have nothing to say. */
export const publisherSilent: Fault = {
	name: 'publisher-silent',
	summary: 'titan-brain and titan-scavenger are healthy and publish nothing: the last sequence stands still',
	topology: 'any',
	async break(scene) {
		for (const name of ['titan-brain', 'titan-scavenger'] as const) await turnOn(scene, name, 'silent');
		await withNats(scene.place, (_nc, jsm) =>
			until('A silent stream', async () => {
				const before = (await jsm.streams.info(STREAM)).state.last_seq;
				await sleep(SILENT_MS);
				return (await jsm.streams.info(STREAM)).state.last_seq === before;
			}),
		);
	},
	mend: turnAllOff,
};
