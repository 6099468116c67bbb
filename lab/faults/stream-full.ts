import {STREAM, withNats} from '../project/stream.ts';
import {fillStream} from '../tools/fill.ts';
import {restoreStream} from '../tools/stream.ts';
import type {Fault} from './fault.ts';

const MAXIMUM_BYTES_EXCEEDED = 10077;
/** 1000 messages of the big size are a sixth of the limit, so that a purge keeping 1000 of them helps. */
const SIZES = [10_000, 16];

/** The stream reaches max_bytes and refuses every new message. */
export const streamFull: Fault = {
	name: 'stream-full',
	summary: 'TITAN_INTENTS is filled until the server refuses messages with 10077 maximum bytes exceeded',
	topology: 'any',
	async break({place}) {
		await withNats(place, async (nc, jsm) => {
			// Old messages would expire one after the other and make room again: the full stream holds new ones alone.
			await jsm.streams.purge(STREAM);
			await fillStream(nc, 'titan.intents.filler', MAXIMUM_BYTES_EXCEEDED, SIZES);
		});
	},
	mend: restoreStream,
};
