import type {NatsConnection} from '../clients/nats/connection.ts';
import {isWhole, type Listed, readConsumers, readStreams} from '../clients/nats/jetstream.ts';
import {type ConsumerInfo, type StreamInfo, toStreamFacts} from '../clients/nats/schema.ts';
import type {Emit, StreamFacts} from '../state/observation.ts';
import type {ReadingFacts} from '../state/reading.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';
import {plural} from '../text/count.ts';
import {type Asked, askConsumer, askStream, type Name, readingOf} from './ask-by-name.ts';

/** What the streams are looked at with. */
export type StreamLook = {
	connection: NatsConnection;
	emit: Emit;
	/** What was known before: what a list lacks is asked for by name before it counts as gone. */
	known: () => DeploymentState['streams'];
	/** The stream and consumer of the configuration, and those that are selected. */
	named: () => readonly Name[];
	/** The streams whose consumers are read this time, of those that there are. */
	due: (names: readonly string[]) => ReadonlySet<string>;
	/** Gets the infos as the server gave them; the consumers only if they are all that there are. */
	onConfigs?: ((stream: StreamInfo, consumers: ConsumerInfo[] | undefined) => void) | undefined;
	deadlineMs: number;
};

/** So many that are not in a list are asked for by name at one look; of the others it is not known where they are. */
const askedASweep = 20;

/** With more streams than this the first look shows them before it reads their consumers. */
const shownFirst = 200;

/** So many lists of consumers are asked for at once. */
const atOnce = 200;

type Names = Map<string, {stream: Asked<StreamInfo>; consumers: Map<string, Asked<ConsumerInfo>>}>;

/**
One look at all streams and their consumers: the lists, and by name those that the configuration or the cursor is on. What
the lists lack is gone only by the server's own word (10059, 10014).

@returns How many streams there are.
@throws what STREAM.LIST throws; what could be read by name was told before.
*/
export async function lookAtStreams(look: StreamLook, isFirst: boolean): Promise<number> {
	const {connection, emit, named, deadlineMs, onConfigs} = look;
	const asking = askNamed(look, named());
	let list: Awaited<ReturnType<typeof readStreams>>;
	try {
		list = await readStreams(connection, deadlineMs);
	} catch (error) {
		const names = await asking;
		const at = Date.now();
		tellNamed(emit, names, at);
		const streams = factsByName(names);
		if (streams.length > 0) {
			emit({kind: 'streams', streams, reading: readingOf(error), at});
		}
		throw error;
	}
	const at = Date.now();
	const names = await asking;
	const listed = new Set(list.streams.map(({config}) => config.name));
	const found = [...names.values()].flatMap(({stream: {info}}) =>
		info && !listed.has(info.config.name) ? [info] : [],
	);
	const absent = Object.values(look.known()).filter(
		({name}) => !listed.has(name) && !list.missing.includes(name) && !names.has(name),
	);
	const unsure = await askAbsent(absent.filter(isAskedFor), (name) =>
		askStream(connection, name, deadlineMs),
	);
	tellNamed(emit, names, at);
	const streams = [...list.streams, ...found];
	const reading = readingOfList(list, found.length);
	const rest = {
		...(list.missing.length > 0 && {missing: list.missing}),
		unsure: [
			...unsure,
			...[...names].flatMap(([name, {stream}]) => (stream.answer === 'unread' ? [name] : [])),
		],
		...(reading && {reading}),
		at,
	};
	if (isFirst && streams.length > shownFirst) {
		emit({kind: 'streams', streams: streams.map((stream) => toStreamFacts(stream)), ...rest});
	}
	const due = look.due(streams.map(({config}) => config.name));
	const facts = await inTurns(streams, async (stream): Promise<StreamFacts> => {
		const {name} = stream.config;
		const asked = names.get(name)?.consumers ?? new Map<string, Asked<ConsumerInfo>>();
		if (!due.has(name)) {
			onConfigs?.(stream, undefined);
			return toStreamFacts(stream);
		}
		return readConsumersOf(stream, list.subjectName(name), asked, look);
	});
	emit({kind: 'streams', streams: facts, ...rest});
	return streams.length;
}

/** A stream that was told gone stays so until a list has it again. */
const isAskedFor = ({present, remembered, reading}: DeploymentState['streams'][string]): boolean =>
	present || (remembered === true && reading === undefined);

/** What a list lacks, in words; undefined if it is whole. */
function readingOfList(list: Listed, found: number): ReadingFacts | undefined {
	const {unread, error} = list;
	if (isWhole(list) && found === 0) {
		return undefined;
	}
	const total = Math.max(list.total, list.read + found);
	const read = Math.min(list.read - unread.length, total);
	return {
		status: 'part',
		read,
		total,
		error:
			error ??
			(unread.length > 0
				? `${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''} could not be read`
				: found > 0
					? `the list lacks ${plural(found, 'existing entry', 'existing entries')}`
					: 'the list was cut'),
	};
}

async function readConsumersOf(
	stream: StreamInfo,
	subjectName: string,
	asked: Map<string, Asked<ConsumerInfo>>,
	{connection, deadlineMs, known, onConfigs}: StreamLook,
): Promise<StreamFacts> {
	const there = [...asked.values()].flatMap(({info}) => info ?? []);
	let list: Awaited<ReturnType<typeof readConsumers>>;
	try {
		// One stream whose node is gone must not hide the others.
		list = await readConsumers(connection, subjectName, deadlineMs);
	} catch (error) {
		onConfigs?.(stream, undefined);
		const reading = readingOf(error);
		return there.length === 0
			? {...toStreamFacts(stream), consumersReading: reading}
			: {...toStreamFacts(stream, there), consumersReading: {...reading, status: 'part'}};
	}
	const listed = new Set(list.consumers.map(({name}) => name));
	const found = there.filter(({name}) => !listed.has(name));
	const consumers = [...list.consumers, ...found];
	const absent = Object.values(own(known(), stream.config.name)?.consumers ?? {}).filter(
		({name, durable, present}) =>
			durable && present && !listed.has(name) && !list.missing.includes(name) && !asked.has(name),
	);
	const unsure = await askAbsent(absent, (name) => askConsumer(connection, subjectName, name, deadlineMs));
	const reading = readingOfList(list, found.length);
	onConfigs?.(stream, reading === undefined ? consumers : undefined);
	const all = [
		...unsure,
		...[...asked].flatMap(([name, {answer}]) => (answer === 'unread' && !listed.has(name) ? [name] : [])),
	];
	return {
		...toStreamFacts(stream, consumers, list.missing),
		...(all.length > 0 && {unsureConsumers: all}),
		...(reading && {consumersReading: reading}),
	};
}

/** Asks for what a list lacks. Answers the names of which the server did not say that they are not there. */
async function askAbsent(
	absent: readonly {name: string}[],
	ask: (name: string) => Promise<Asked<unknown>>,
): Promise<string[]> {
	const answers = await Promise.all(
		absent.slice(0, askedASweep).map(async ({name}) => ({name, ...(await ask(name))})),
	);
	return [
		...answers.filter(({answer}) => answer !== 'missing').map(({name}) => name),
		...absent.slice(askedASweep).map(({name}) => name),
	];
}

/** One whose only server is away answers never, and the look must not wait for it longer than for the list. */
const namedMs = 4000;

async function askNamed({connection, ...look}: StreamLook, wanted: readonly Name[]): Promise<Names> {
	const deadlineMs = Math.min(namedMs, look.deadlineMs);
	const names: Names = new Map();
	for (const {stream} of wanted) {
		names.set(stream, {stream: {answer: 'unread'}, consumers: new Map()});
	}
	await Promise.all([
		...[...names].map(async ([stream, entry]) => {
			entry.stream = await askStream(connection, stream, deadlineMs);
		}),
		...wanted.map(async ({stream, consumer}) => {
			if (consumer !== undefined) {
				names
					.get(stream)
					?.consumers.set(consumer, await askConsumer(connection, stream, consumer, deadlineMs));
			}
		}),
	]);
	return names;
}

function tellNamed(emit: Emit, names: Names, at: number): void {
	const tell = (name: Name, {answer, error}: Asked<unknown>): void =>
		emit({
			kind: 'named',
			stream: name.stream,
			...(name.consumer !== undefined && {consumer: name.consumer}),
			answer,
			...(error !== undefined && {error}),
			at,
		});
	for (const [stream, {stream: asked, consumers}] of names) {
		tell({stream}, asked);
		for (const [consumer, answer] of consumers) {
			tell({stream, consumer}, answer);
		}
	}
}

/** What is known of the streams without any list. */
const factsByName = (names: Names): StreamFacts[] =>
	[...names.values()].flatMap(({stream: {info}, consumers}) => {
		const there = [...consumers.values()].flatMap((asked) => asked.info ?? []);
		return info === undefined
			? []
			: [
					there.length === 0
						? toStreamFacts(info)
						: {...toStreamFacts(info, there), consumersReading: {status: 'part' as const}},
				];
	});

/** The results of the work on all of them, so many at once, in their order. */
async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (let from = 0; from < all.length; from += atOnce) {
		results.push(...(await Promise.all(all.slice(from, from + atOnce).map(work))));
	}
	return results;
}
