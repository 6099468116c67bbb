import type {NatsConnection} from '../clients/nats/connection.ts';
import {connectNats, describeNatsError, isRefusal} from '../clients/nats/connection.ts';
import {accountInfo, NoAnswerError} from '../clients/nats/jetstream.ts';
import {natsOptions} from '../clients/nats/options.ts';
import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';
import type {Config} from '../config/schema.ts';
import type {Emit} from '../state/observation.ts';
import {wasRead} from '../state/reading.ts';
import type {DeploymentState} from '../state/types.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {watchAdvisories} from './advisories.ts';
import {type Name, readingOf} from './ask-by-name.ts';
import {pause, poll, Wake} from './loop.ts';
import {lookAtStreams} from './streams.ts';

export type NatsWatchOptions = {
	config: Config;
	env?: NodeJS.ProcessEnv;
	/** Gets the infos as the server gave them: what a recovery recreates from. */
	onConfigs?: (stream: StreamInfo, consumers: ConsumerInfo[] | undefined) => void;
	/** The streams as they are known now: one that a list lacks is asked for by name before it counts as gone. */
	known?: () => DeploymentState['streams'];
	/** What the cursor is on: it is asked for by name, as what the configuration names is. */
	selected?: () => Name | undefined;
};

type WatchedBy = NatsWatchOptions & {uselessAfterMs: number};

const retryEveryMs = 250;
// A refusal fills the server's log, and no waiting mends it but a change on the server.
const retryRefusedEveryMs = 5000;

/**
Watches the connection (pushed), the round trip, the account, and all streams with their consumers (polled).
It connects anew for ever. Never throws.
*/
export async function watchNats(options: NatsWatchOptions, emit: Emit, signal: AbortSignal): Promise<void> {
	const {config, env = process.env} = options;
	let url = redact(config.nats.url);
	let avoid: string | undefined;
	let uselessAfterMs: number = uselessAfter.firstMs;
	while (!signal.aborted) {
		let refused = false;
		let error: unknown;
		try {
			url = (await natsOptions(config.nats, env)).shownUrl;
			const connection = await connectNats(config.nats, env, avoid);
			avoid = undefined;
			error = await watchConnection(connection, {...options, uselessAfterMs}, url, emit, signal);
			const isUseless = error instanceof UselessServer;
			avoid = isUseless ? connection.getServer() : undefined;
			// Where no server is of use, going from one to the next only fills their logs.
			uselessAfterMs = isUseless ? Math.min(uselessAfterMs * 2, uselessAfter.mostMs) : uselessAfter.firstMs;
		} catch (failure) {
			error = failure;
			refused = isRefusal(failure);
		}
		if (signal.aborted) {
			return;
		}
		const text = error === undefined ? `${url} closed the connection.` : describeNatsError(error, url);
		const at = Date.now();
		emit({kind: 'connection', status: refused ? 'refused' : 'disconnected', url, error: text, at});
		emit({kind: 'source', source: 'nats', status: 'down', error: text, at});
		await pause(refused ? retryRefusedEveryMs : retryEveryMs, signal);
	}
}

/** Watches by one connection until it is lost; answers why, where the library says. */
async function watchConnection(
	connection: NatsConnection,
	options: WatchedBy,
	url: string,
	emit: Emit,
	signal: AbortSignal,
): Promise<unknown> {
	const ended = new AbortController();
	const stop = (): void => {
		ended.abort();
		void connection.close().catch(() => {});
	};
	signal.addEventListener('abort', stop, {once: true});
	const {info} = connection;
	emit({
		kind: 'connection',
		status: 'connected',
		url,
		server: info && {
			id: sanitize(info.server_id, 100),
			name: sanitize(info.server_name, 100),
			...(info.cluster && {cluster: sanitize(info.cluster, 100)}),
			version: sanitize(info.version, 40),
			clientId: info.client_id,
			maxPayloadBytes: info.max_payload,
		},
		address: sanitize(connection.getServer(), 200),
		at: Date.now(),
	});
	void watchErrors(connection, emit);
	const wake = new Wake();
	watchAdvisories(connection, emit, () => wake.now());
	let useless: UselessServer | undefined;
	const onUseless = (): void => {
		useless = new UselessServer();
		stop();
	};
	void pollStreams(connection, options, emit, ended.signal, wake, url.includes(',') ? onUseless : undefined);
	void pollRoundTrip(connection, emit, ended.signal);
	void pollAccount(connection, emit, ended.signal);
	// The status iterator does not end after a close; this promise does.
	const error = await connection.closed();
	stop();
	signal.removeEventListener('abort', stop);
	// The polls end by themselves, and are not waited for: the library never settles a round trip whose server
	// fell silent, and a console that waited for it would never connect anew.
	return useless ?? error ?? undefined;
}

/** A server of a cluster that does not answer for JetStream, while another one may: it is cut off, or stuck. */
class UselessServer extends Error {
	override name = 'UselessServer';
	override message = 'this server does not answer for JetStream; another one is tried';
}

/** Errors that come on their own, such as a permission that was taken away. */
async function watchErrors(connection: NatsConnection, emit: Emit): Promise<void> {
	for await (const event of connection.status()) {
		// Who may not listen to advisories misses nothing but seconds.
		const subject = String(
			(event as {permissionContext?: {subject?: string}}).permissionContext?.subject ?? event.data,
		);
		// Of one stream or consumer, or of the account, that may not be asked for, its own reading tells.
		const isTold = /\$JS\.(EVENT\.ADVISORY|API\.(INFO|STREAM\.INFO|CONSUMER\.(INFO|LIST))\b)/.test(subject);
		if (event.type === 'error' && !isTold) {
			const error = redact(sanitize(`NATS: ${errorWords(event)}`, 200));
			emit({kind: 'source', source: 'nats', status: 'down', error, at: Date.now()});
		}
	}
}

/** What came, with the subject where it is one that this user may not use. */
function errorWords({data, ...event}: {data: unknown}): string {
	const {operation, subject} = (event as {permissionContext?: {operation?: string; subject?: string}})
		.permissionContext ?? {operation: undefined};
	return subject === undefined ? String(data) : `permission denied: ${operation} ${subject}`;
}

const streamsEveryMs = 1000;
const slowestEveryMs = 5000;
// With more streams the consumers are read in turns, so that a sweep stays short. The first one reads them all, half a second
// for a thousand streams (docs/facts.md): one look of `check` must not leave any out.
const consumerListsASweep = 40;
const consumerListsAtFirst = 20_000;

// With a node of a cluster down the server takes 4 s to list what is left (docs/facts.md).
const listDeadlineMs = 6000;

// An election takes up to 9 s, and whoever has lost its cluster knows so after 10 to 20 s (docs/facts.md).
const uselessAfter = {firstMs: 20_000, mostMs: 300_000} as const;

async function pollStreams(
	connection: NatsConnection,
	{config, onConfigs, uselessAfterMs, known = () => ({}), selected}: WatchedBy,
	emit: Emit,
	signal: AbortSignal,
	wake: Wake,
	onUseless?: () => void,
): Promise<void> {
	let turn = 0;
	let answeredAt = performance.now();
	const due = (names: readonly string[]): ReadonlySet<string> => {
		const others = names.filter((name) => name !== config.stream);
		const wanted = new Set([config.stream, ...named().map(({stream}) => stream)]);
		const lists = turn === 0 ? consumerListsAtFirst : consumerListsASweep;
		for (let i = 0; i < Math.min(lists, others.length); i++) {
			wanted.add(others[turn++ % others.length]!);
		}
		return wanted;
	};
	const named = (): Name[] => {
		const name = selected?.();
		return [
			{stream: config.stream, consumer: config.consumer},
			...(name === undefined || !isName(name) ? [] : [name]),
		];
	};
	await poll(
		streamsEveryMs,
		signal,
		async () => {
			const started = performance.now();
			try {
				const look = {
					connection,
					emit: untilAborted,
					known,
					named,
					due,
					onConfigs,
					deadlineMs: listDeadlineMs,
				};
				const count = await lookAtStreams(look, turn === 0);
				answeredAt = performance.now();
				untilAborted({kind: 'source', source: 'nats', status: 'up', at: Date.now()});
				const took = performance.now() - started;
				// A thousand streams take the server a tenth of a second to list: never more than a fifth of its time. An
				// answer that was late for another reason, such as a server that was frozen, slows nothing down.
				const isLarge = count > consumerListsASweep && took * 5 > streamsEveryMs;
				return isLarge ? Math.min(slowestEveryMs, Math.ceil(took * 5)) : undefined;
			} catch (error) {
				if (!signal.aborted) {
					const text = sanitize((error as Error).message, 200);
					emit({kind: 'source', source: 'nats', status: 'down', error: text, at: Date.now()});
					const isDenied = error instanceof NoAnswerError && error.reason === 'denied';
					if (!isDenied && performance.now() - answeredAt > uselessAfterMs) {
						onUseless?.();
					}
				}
			}
			return undefined;
		},
		wake,
	);

	/** What comes late from a connection that was lost meanwhile is not told as of now. */
	function untilAborted(observation: Parameters<Emit>[0]): void {
		if (!signal.aborted) {
			emit(observation);
		}
	}
}

/** What can be asked for by a subject of its own. */
const isName = ({stream, consumer = 'x'}: Name): boolean =>
	[stream, consumer].every((name) => /^[^\s.*>/\\]+$/.test(name) && name === sanitize(name));

async function pollRoundTrip(connection: NatsConnection, emit: Emit, signal: AbortSignal): Promise<void> {
	await poll(5000, signal, async () => {
		try {
			emit({kind: 'rtt', rttMs: await connection.rtt(), at: Date.now()});
		} catch {
			// The status events tell of a connection that is lost.
		}
	});
}

async function pollAccount(connection: NatsConnection, emit: Emit, signal: AbortSignal): Promise<void> {
	await poll(5000, signal, async () => {
		try {
			const {limits, ...used} = await accountInfo(connection);
			emit({
				kind: 'account',
				account: {
					storageBytes: used.storage,
					maxStorageBytes: limits.max_storage,
					memoryBytes: used.memory,
					maxMemoryBytes: limits.max_memory,
					streams: used.streams,
					maxStreams: limits.max_streams,
					consumers: used.consumers,
					maxConsumers: limits.max_consumers,
				},
				at: Date.now(),
			});
			emit({kind: 'reading', of: 'account', reading: wasRead, at: Date.now()});
		} catch (error) {
			if (!signal.aborted) {
				emit({kind: 'reading', of: 'account', reading: readingOf(error), at: Date.now()});
			}
		}
	});
}
