import type {JetStream} from '../../deployment/jetstream.ts';
import type {SavedStream} from '../../records/saved-configs.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a run gives a consumer that the server cannot move: see `startingAfter`. */
const ofStart = new Set(['deliver_policy', 'opt_start_seq', 'opt_start_time']);

/**
The settings of a saved configuration that are other ones now, in words: `max_bytes 100 instead of 200`. What only the server adds
is no difference. Pure.

@param except - Settings that are not compared.
*/
export function differences(
	saved: Settings,
	now: Settings,
	except: ReadonlySet<string> = new Set(),
): string[] {
	return Object.entries(saved)
		.filter(([key]) => key !== 'metadata' && !except.has(key))
		.filter(([key, value]) => !isSame(value, now[key]))
		.map(([key, value]) => `${key} ${shown(now[key])} instead of ${shown(value)}`);
}

/** What a server leaves out is its zero value. (Go, `omitempty`) */
const isSame = (a: unknown, b: unknown): boolean =>
	JSON.stringify(a ?? null) === JSON.stringify(b ?? null) || (isZero(a) && isZero(b));

const isZero = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	value === false ||
	value === 0 ||
	value === '' ||
	(Array.isArray(value) && value.length === 0);

const shown = (value: unknown): string => (value === undefined ? 'unset' : JSON.stringify(value));

/** What this run created has the configuration that was saved, setting by setting. */
export const asSavedCheck = ({config, memory}: RunContext, nats: Shared, saved: SavedStream): Check => ({
	name: 'the recreated parts have their saved settings',
	otherwise: 'Compare it with nats stream info and nats consumer info, and edit the settings that differ.',
	async test() {
		const jetstream = await nats.get();
		const wrong = [
			...(memory.recreated?.stream ? await ofStream(jetstream, config.stream, saved) : []),
			...(await ofConsumers(jetstream, config.stream, saved, memory.recreated?.consumers ?? [])),
		];
		const names = [
			...(memory.recreated?.stream ? [config.stream] : []),
			...(memory.recreated?.consumers ?? []),
		];
		return wrong.length === 0
			? {ok: true, evidence: `${names.join(', ')}: every saved setting`}
			: {ok: false, evidence: wrong.join('; ')};
	},
});

async function ofStream(jetstream: JetStream, name: string, saved: SavedStream): Promise<string[]> {
	const {config} = await jetstream.stream(name, answerMs);
	return differences(saved.config, config).map((difference) => `${name}: ${difference}`);
}

async function ofConsumers(
	jetstream: JetStream,
	stream: string,
	saved: SavedStream,
	names: readonly string[],
): Promise<string[]> {
	const all = await Promise.all(
		names.map(async (name) => {
			const {config} = await jetstream.consumer(stream, name, answerMs);
			const begins = config.metadata['jetmedic.begins'] !== undefined;
			const wrong = differences(saved.consumers[name] ?? {}, config, begins ? ofStart : undefined);
			return wrong.map((difference) => `${name}: ${difference}`);
		}),
	);
	return all.flat();
}
