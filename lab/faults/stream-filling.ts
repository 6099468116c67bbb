import {setTimeout as sleep} from 'node:timers/promises';
import {STREAM, withNats} from '../project/stream.ts';
import {restoreStream} from '../tools/stream.ts';
import {turnOn} from '../tools/switches.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** A third of what is published then. */
const BYTES_A_SECOND = 130_000;

/** The publishers send so much that the stream is full in some minutes. */
export const streamFilling: Fault = {
	name: 'stream-filling',
	summary: 'titan-brain publishes 400 KB a second: TITAN_INTENTS is full in less than three minutes',
	topology: 'any',
	async break(scene) {
		await turnOn(scene, 'titan-brain', 'burst');
		await withNats(scene.place, (_nc, jsm) =>
			until('A stream that fills', async () => {
				const before = (await jsm.streams.info(STREAM)).state.bytes;
				await sleep(1000);
				return (await jsm.streams.info(STREAM)).state.bytes - before > BYTES_A_SECOND;
			}),
		);
	},
	mend: restoreStream,
};
