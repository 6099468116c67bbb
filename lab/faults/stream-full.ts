import type {JetStreamClient, NatsError} from 'nats';
import {STREAM, waitJetStream, withNats} from '../project/stream.ts';
import {LabError} from '../run.ts';
import type {Fault} from './fault.ts';

const MAXIMUM_BYTES_EXCEEDED = 10077;
/** 1000 messages of this size are a sixth of the limit, so that a purge keeping 1000 of them helps. */
const BIG_BYTES = 10_000;
const SMALL_BYTES = 16;
const AT_ONCE = 256;
/** Enough for a limit twice the lab's; a stream without a limit must not be filled for ever. */
const MOST_ROUNDS = 60;

/** The stream reaches max_bytes and refuses every new message. */
export const streamFull: Fault = {
	name: 'stream-full',
	summary: 'TITAN_INTENTS is filled until the server refuses messages with 10077 maximum bytes exceeded',
	async break() {
		await withNats(async (nc, jsm) => {
			// Old messages would expire one after the other and make room again: the full stream holds new ones alone.
			await jsm.streams.purge(STREAM);
			const js = nc.jetstream({timeout: 5000});
			await fill(js, BIG_BYTES, AT_ONCE);
			// the gap that a big message does not fit in still takes small ones
			await fill(js, SMALL_BYTES, 32);
		});
	},
	async mend({progress}) {
		await waitJetStream();
		await withNats(async (_nc, jsm) => {
			// a stream that is gone cannot be full: the services make it again
			const info = await jsm.streams.info(STREAM).catch(() => undefined);
			if (!info) return;
			const {state, config} = info;
			if (state.bytes < config.max_bytes / 2) return;
			progress(`purging ${STREAM} down to 100 messages`);
			await jsm.streams.purge(STREAM, {keep: 100});
		});
	},
};

async function fill(js: JetStreamClient, bytes: number, atOnce: number): Promise<void> {
	const body = new Uint8Array(bytes).fill(120);
	for (let round = 0; round < MOST_ROUNDS; round++) {
		const results = await Promise.allSettled(
			Array.from({length: atOnce}, () => js.publish('titan.intents.filler', body)),
		);
		const failures = results
			.filter((result) => result.status === 'rejected')
			.map((result) => result.reason as NatsError);
		const other = failures.find((failure) => failure.api_error?.err_code !== MAXIMUM_BYTES_EXCEEDED);
		if (other)
			throw new LabError(`Filling ${STREAM} failed: ${other.api_error?.description ?? other.message}.`);
		if (failures.length > 0) return;
	}
	throw new LabError(
		`${STREAM} still takes messages after ${MOST_ROUNDS * atOnce}: it has no limit of the lab's size.`,
	);
}
