import {isOfRun} from '../clients/nats/move-mark.ts';
import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';
import {readOwn, writeWhole} from './own-file.ts';

/** The last seen configurations, in the server's own words: what a recovery recreates from. */
export type SavedConfigs = {streams: Record<string, SavedStream>};

export type SavedStream = {
	seenAt: number;
	/** When the stream was made that it was read of, in the server's own words. */
	created?: string;
	config: Record<string, unknown>;
	/** The durable ones. */
	consumers: Record<string, Record<string, unknown>>;
};

/** A thousand streams with ten consumers each are about ten megabytes. */
const maxBytes = 64 << 20;

/** Reads the saved configurations; none where there is no file or it is damaged. */
export function readConfigs(path: string): SavedConfigs {
	try {
		const saved = JSON.parse(readOwn(path, maxBytes)) as SavedConfigs;
		return typeof saved?.streams === 'object' && saved.streams !== null ? saved : {streams: {}};
	} catch {
		return {streams: {}};
	}
}

/**
The saved configurations with a stream as it was seen now. What has gone from the server stays saved: that is
when it is needed.

@returns The same object where nothing changed.
*/
export function rememberStream(
	saved: SavedConfigs,
	stream: StreamInfo,
	consumers: ConsumerInfo[] | undefined,
	at: number,
): SavedConfigs {
	const name = stream.config.name;
	const before = saved.streams[name];
	// What a run made for a while, or in place of the consumer's own, is not what a recreation goes back to.
	const durable = (consumers ?? []).filter(
		({name: consumer, config}) =>
			config.durable_name !== undefined && !(isOfRun(config) && before?.consumers[consumer] !== undefined),
	);
	const after = {
		...(stream.created !== '' && {created: stream.created}),
		config: withoutServerMetadata(stream.config),
		consumers: {
			...before?.consumers,
			...Object.fromEntries(
				durable.map((consumer) => [consumer.name, withoutPause(withoutServerMetadata(consumer.config))]),
			),
		},
	};
	if (
		before &&
		before.created === after.created &&
		same(before.config, after.config) &&
		same(before.consumers, after.consumers)
	) {
		return saved;
	}
	return {streams: {...saved.streams, [name]: {seenAt: at, ...after}}};
}

/** Writes the file whole or not at all. @throws when it can't be written. */
export function writeConfigs(path: string, saved: SavedConfigs): void {
	writeWhole(path, `${JSON.stringify(saved, undefined, '\t')}\n`);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A pause is of its time, and one that a run made for a moment is none of the consumer's own. */
const withoutPause = ({pause_until: _until, ...rest}: Record<string, unknown>): Record<string, unknown> =>
	rest;

/** Without what the server adds itself (`_nats.*`, ADR-44) and does not take back, and what a run adds. */
function withoutServerMetadata(config: Record<string, unknown>): Record<string, unknown> {
	const {metadata, ...rest} = config;
	const kept = Object.entries((metadata ?? {}) as Record<string, string>).filter(
		([key]) => !/^(_nats|jetmedic)\./.test(key),
	);
	return kept.length === 0 ? rest : {...rest, metadata: Object.fromEntries(kept)};
}
