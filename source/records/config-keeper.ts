import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';
import {mayKeep} from './identity.ts';
import {makePlace, type Place} from './place.ts';
import {readConfigs, rememberStream, writeConfigs} from './saved-configs.ts';

export type ConfigKeeper = {
	/** Takes note of a stream and its consumers as the server gives them. */
	remember(stream: StreamInfo, consumers: ConsumerInfo[] | undefined): void;
	/**
	Writes what changed since the last time. A folder that can't be written is tried again.

	@param isOwn - Whether the server that was read is the deployment's: a recovery that creates a stream from another
	one's configuration creates another stream. What was read while that is `pending` is kept back.
	*/
	save(isOwn?: boolean | 'pending'): void;
};

/** A stream as it was read, until it can be written. */
type Read = {key: string; stream: StreamInfo; consumers: ConsumerInfo[] | undefined; at: number};

// A configuration is compared by its JSON, which for a thousand streams costs as much as reading them.
const compareEveryMs = 5000;

/** Keeps the configurations of all streams and consumers on disk whenever they change. */
export function configKeeper(place: Place): ConfigKeeper {
	let path = place.configs;
	let saved = readConfigs(path);
	let written = saved;
	const comparedAt = new Map<string, number>();
	let read: Read[] = [];
	/** The records may turn out to be another engine's: nothing of the former goes into them, but what was read of the server does. */
	const follow = (): void => {
		if (place.configs !== path) {
			path = place.configs;
			saved = readConfigs(path);
			written = saved;
		}
	};
	return {
		remember(stream, consumers) {
			follow();
			// Consumers are not read each time; what is read is compared at most each few seconds.
			const key = `${stream.config.name}${consumers ? ' with consumers' : ''}`;
			if (performance.now() - (comparedAt.get(key) ?? Number.NEGATIVE_INFINITY) < compareEveryMs) {
				return;
			}
			comparedAt.set(key, performance.now());
			// The first one too: what is deleted before it can be written is what a recovery needs.
			const older = read.filter((one) => one.key === key).slice(1);
			read = [...read.filter((one) => !older.includes(one)), {key, stream, consumers, at: Date.now()}];
		},
		save(isOwn = true) {
			follow();
			if (isOwn === 'pending' || !mayKeep(place)) {
				return;
			}
			if (isOwn) {
				for (const {stream, consumers, at} of read) {
					saved = rememberStream(saved, stream, consumers, at);
				}
			} else {
				comparedAt.clear();
			}
			read = [];
			if (saved === written) {
				return;
			}
			try {
				makePlace(place);
				writeConfigs(path, saved);
				written = saved;
			} catch {
				// A full disk must not end the console; the next save tries again.
			}
		},
	};
}
