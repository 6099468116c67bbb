import * as z from 'zod';
import {isAmbiguous} from '../state/project.ts';
import {isOwnServer} from '../state/server-identity.ts';
import type {
	ConsumerState,
	DeploymentState,
	LogState,
	ServiceState,
	ServiceUsual,
	StreamState,
} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';
import {mayKeep} from './identity.ts';
import {readOwn, writeWhole} from './own-file.ts';
import {makePlace, type Place} from './place.ts';

/** What went longer ago than this is forgotten: by then it is how things are. */
export const rememberedForMs = 24 * 3_600_000;

const name = z
	.string()
	.min(1)
	.transform((value) => sanitize(value, 300));
const change = z.object({at: z.number(), messages: z.number()}).optional().catch(undefined);

const consumerSchema = z.object({
	at: z.number(),
	name,
	created: z.number().optional().catch(undefined),
	lag: z.number(),
	ackPending: z.number(),
	deliveredStreamSeq: z.number(),
	ackFloorStreamSeq: z.number(),
	deletedAt: z.number().optional().catch(undefined),
	goneAt: z.number().optional().catch(undefined),
});

const streamSchema = z.object({
	at: z.number(),
	name,
	created: z.number().optional().catch(undefined),
	readFrom: z.string().max(200).optional().catch(undefined),
	discard: z.enum(['old', 'new']).catch('old'),
	retention: z.enum(['limits', 'interest', 'workqueue']).catch('limits'),
	maxAgeMs: z.number().catch(0),
	maxMessagesPerSubject: z.number().catch(-1),
	messages: z.number(),
	bytes: z.number(),
	maxBytes: z.number(),
	maxMessages: z.number(),
	firstSeq: z.number(),
	firstAt: z.number().optional().catch(undefined),
	lastSeq: z.number(),
	lastAt: z.number().optional().catch(undefined),
	numDeleted: z.number(),
	began: z
		.object({
			at: z.number(),
			from: z.number(),
			to: z.number(),
			anew: z.literal(true).optional().catch(undefined),
		})
		.optional()
		.catch(undefined),
	removed: change,
	gaps: change,
	deletedAt: z.number().optional().catch(undefined),
	consumers: z.array(consumerSchema).catch([]),
});

const usualSchema = z.record(
	name,
	z.object({minutes: z.number().min(0), perMinute: z.record(name, z.number().min(0))}),
);

/** More than any Compose project has. */
const maxServices = 1000;

const memorySchema = z.object({
	streams: z.array(z.unknown()).catch([]),
	usual: usualSchema.catch({}),
	services: z.array(name).max(maxServices).optional().catch(undefined),
});

/** What is known of a deployment between two starts. */
export type Memory = {
	/** Each is `remembered` and not present. */
	streams: StreamState[];
	/** How often the signatures match in each service's log. */
	usual: Record<string, Pick<ServiceUsual, 'minutes' | 'perMinute'>>;
	/** Compose's names of the services that were seen with a container that is meant to stay. */
	services: string[];
};

/** What is remembered, of the state. */
type Known = Pick<DeploymentState, 'streams' | 'logs'> &
	Partial<Pick<DeploymentState, 'nats' | 'services' | 'seenServices' | 'project'>>;

/**
The streams and their durable consumers as they were last seen, for the first look to compare with, and what is usual;
nothing where nothing is remembered or the file is damaged.

@param now - Milliseconds since the epoch; what was seen long before is left out.
*/
export function readMemory(place: Place, now: number): Memory {
	try {
		const {streams, usual, services = []} = memorySchema.parse(JSON.parse(readOwn(place.memory, maxBytes)));
		return {
			streams: streams.flatMap((stream) => {
				const known = streamSchema.safeParse(stream).data;
				return known === undefined || now - known.at > rememberedForMs ? [] : toStream(known, now);
			}),
			usual,
			services,
		};
	} catch {
		return {streams: [], usual: {}, services: []};
	}
}

function toStream({consumers, ...figures}: z.infer<typeof streamSchema>, now: number): StreamState {
	const recent = consumers.filter(({at}) => now - at <= rememberedForMs);
	return {
		subjects: [],
		storage: 'file',
		messageTtl: false,
		upstreams: [],
		sealed: false,
		denyPurge: false,
		metadata: {},
		...figures,
		present: false,
		remembered: true,
		consumers: Object.fromEntries(recent.map((consumer) => [consumer.name, toConsumer(consumer)])),
	};
}

const toConsumer = (figures: z.infer<typeof consumerSchema>): ConsumerState => ({
	durable: true,
	maxAckPending: -1,
	redelivered: 0,
	waiting: 0,
	pull: true,
	pushBound: false,
	paused: false,
	deliveredConsumerSeq: 0,
	metadata: {},
	floorMovedAt: figures.at,
	...figures,
	present: false,
});

/** Keeps on disk how the streams were last seen, and which services were. */
export type MemoryKeeper = {
	/** Writes what is known now. A folder that can't be written is tried again at the next save. */
	save(known: Known): void;
	/** The same, but at most each few seconds while only figures move: for a console, which asks each second. */
	keep(known: Known): void;
};

/** A console that is killed has forgotten the figures of the last seconds at most, and no news. */
const figuresEveryMs = 15_000;

/** A thousand streams with their consumers are some megabytes. */
const maxBytes = 64 << 20;

/** A thousand streams are half a megabyte: more are not remembered, the largest first. */
const maxStreams = 1000;

/** What keeps the memory of a deployment. */
export function memoryKeeper(place: Place): MemoryKeeper {
	let written:
		| {streams: Record<string, StreamState>; services: string; path: string; at: number; news: string}
		| undefined;
	const save = (known: Known): void => {
		const {streams, logs, nats} = known;
		if (!mayKeep(place)) {
			return;
		}
		const services = seenServices(known);
		const isSame = services.join('\n') === written?.services && place.memory === written.path;
		// Nothing is remembered of a server that is not the deployment's, nor while that is not known; the engine's word for the
		// containers holds all the same.
		const isOwn = nats === undefined || isOwnServer(nats) === true;
		const isEmpty = Object.keys(streams).length === 0;
		if (
			(isSame && (!isOwn || isEmpty || streams === written?.streams)) ||
			(isEmpty && services.length === 0)
		) {
			return;
		}
		try {
			makePlace(place);
			if (isOwn && !isEmpty) {
				write(place.memory, streams, logs.usual ?? {}, services);
			} else {
				writeServices(place.memory, services);
			}
			written = {
				streams,
				services: services.join('\n'),
				path: place.memory,
				at: performance.now(),
				news: newsOf(known),
			};
		} catch {
			// A full disk must not end the console.
		}
	};
	return {
		save,
		keep(known) {
			const isDue = written === undefined || performance.now() - written.at >= figuresEveryMs;
			if (isDue || written?.news !== newsOf(known)) {
				save(known);
			}
		},
	};
}

/**
The services that had a container, here or for an earlier console, without jobs: a migration that is cleared away is not to be
run again. Of several projects of one name nobody knows whose they are.
*/
function seenServices({services = {}, seenServices: before = [], project}: Known): string[] {
	const seen = Object.values(services).filter(({image, mayEnd}) => image !== '' && mayEnd !== true);
	const isUnsure = project !== undefined && isAmbiguous(project);
	const jobs = new Set(Object.values(services).flatMap((one) => (one.mayEnd ? nameOf(one) : [])));
	const names = [...(isUnsure ? [] : seen.map(nameOf)), ...before.filter((service) => !jobs.has(service))];
	return [...new Set(names)].slice(0, maxServices).sort();
}

const nameOf = ({composeService, service}: ServiceState): string => composeService ?? service;

/**
What happened to the streams, which there are, which of their consumers are gone and which services were seen, as a text that differs where it does:
where a consumer stopped is written as it was seen last.
*/
const newsOf = (known: Known): string =>
	[
		...Object.values(known.streams).map(({name, present, began, removed, gaps, deletedAt, consumers}) =>
			[name, present, began?.at, removed?.at, gaps?.at, deletedAt, ...goneOf(consumers)].join(' '),
		),
		...seenServices(known),
	].join('\n');

const goneOf = (consumers: StreamState['consumers']): string[] =>
	Object.values(consumers).flatMap((consumer) =>
		consumer.durable && !consumer.present ? [`-${consumer.name}`] : [],
	);

function write(
	path: string,
	streams: Record<string, StreamState>,
	usual: NonNullable<LogState['usual']>,
	services: string[],
): void {
	const rows = Object.values(streams)
		.sort((a, b) => b.messages - a.messages)
		.slice(0, maxStreams)
		.map((stream) => ({...stream, consumers: Object.values(stream.consumers).filter(({durable}) => durable)}))
		.flatMap((stream) => streamSchema.safeParse(stream).data ?? []);
	const rates = Object.entries(usual).map(([service, {minutes, perMinute}]) => [
		service,
		{minutes, perMinute},
	]);
	writeWhole(path, `${JSON.stringify({streams: rows, usual: Object.fromEntries(rates), services})}\n`);
}

/** What is known of the streams stays as it was. */
function writeServices(path: string, services: string[]): void {
	writeWhole(path, `${JSON.stringify({...readWhole(path), services})}\n`);
}

function readWhole(path: string): object {
	try {
		const {streams, usual} = memorySchema.parse(JSON.parse(readOwn(path, maxBytes)));
		return {streams, usual};
	} catch {
		return {};
	}
}
