import {BackupError} from '../../source/clients/nats/backup-error.ts';
import {
	type Backup,
	type ConsumerInfo,
	ErrorCode,
	type JetStreamControl,
	JetStreamError,
	NoAnswerError,
	type StreamInfo,
} from '../../source/deployment/jetstream.ts';
import {sentBy} from './deployment.ts';
import type {Port, Reply} from './port.ts';
import {sizeOf} from './ranges.ts';
import {
	ackPendingOf,
	bytesOf,
	type ConsumerConfig,
	firstOf,
	makeConsumer,
	messagesOf,
	pendingOf,
	purge,
	type StreamConfig,
	unprocessedOf,
	type WorldConsumer,
	type WorldStream,
} from './stream.ts';
import {epoch, type Folder, type World} from './world.ts';

const connectsWithinMs = 2000;
const answersWithinMs = 5000;

/** A connection to the world's server, as a client library makes one. */
export async function connect(port: Port, folder: Folder): Promise<JetStreamControl> {
	const {world} = port;
	const serverId = await port.ask<string>({
		to: 'nats',
		what: 'connect',
		changes: false,
		timeoutMs: connectsWithinMs,
		act(reply) {
			switch (world.serverState()) {
				case 'ready':
					reply.ok(world.server.id);
					break;
				case 'paused':
					break;
				default:
					reply.fail(Object.assign(new Error('CONNECTION_REFUSED'), {code: 'CONNECTION_REFUSED'}));
			}
		},
	});
	let isClosed = false;
	const isGone = (): boolean => isClosed || world.server.id !== serverId || world.serverState() === 'down';
	const request = <T>(
		what: string,
		changes: boolean,
		timeoutMs: number,
		work: (reply: Reply<T>) => void,
	): Promise<T> => {
		if (port.isAlive && isGone()) {
			return Promise.reject(new NoAnswerError(what, 'disconnected'));
		}
		return port.ask<T>({
			to: 'nats',
			what,
			changes,
			timeoutMs,
			act(reply) {
				if (world.server.id !== serverId || world.serverState() === 'down') {
					reply.fail(new NoAnswerError(what, 'disconnected'));
				} else if (world.serverState() === 'paused') {
					world.server.inbox.push(() => work(reply));
				} else {
					work(reply);
				}
			},
		});
	};
	const onStream = <T>(
		what: string,
		name: string,
		changes: boolean,
		timeoutMs: number | undefined,
		work: (stream: WorldStream, reply: Reply<T>) => void,
	): Promise<T> =>
		request<T>(`${what} ${name}`, changes, timeoutMs ?? answersWithinMs, (reply) => {
			const stream = world.streamAt(name);
			if (stream) {
				work(stream, reply);
			} else {
				reply.fail(new JetStreamError(what, 404, ErrorCode.streamNotFound, 'stream not found'));
			}
		});
	const change = <T>(
		kind:
			| 'purge'
			| 'update-stream'
			| 'create-consumer'
			| 'delete-consumer'
			| 'reset-consumer'
			| 'resume-consumer',
		name: string,
		consumer: string | undefined,
		timeoutMs: number,
		work: (stream: WorldStream, reply: Reply<T>, sent: ReturnType<typeof sentBy>) => void,
	): Promise<T> => {
		const sent = sentBy(port, kind, name);
		return onStream<T>(kind, name, true, timeoutMs, (stream, reply) => {
			if (kind !== 'purge') {
				world.act({
					by: port.name,
					...sent,
					kind,
					...identity(world, stream),
					...(consumer !== undefined && {consumer}),
				});
			}
			work(stream, reply, sent);
		});
	};
	const onConsumer = <T>(
		stream: WorldStream,
		name: string,
		reply: Reply<T>,
		work: (consumer: WorldConsumer) => void,
	): void => {
		const consumer = stream.consumers.get(name);
		if (consumer) {
			work(consumer);
		} else {
			reply.fail(new JetStreamError('consumer', 404, ErrorCode.consumerNotFound, 'consumer not found'));
		}
	};
	return {
		version: world.server.version,
		isClosed: isGone,
		close: async () => {
			isClosed = true;
		},
		account: (timeoutMs = answersWithinMs) =>
			request('account', false, timeoutMs, (reply) => reply.ok({streams: world.server.streams.size})),
		streams: (timeoutMs = answersWithinMs) =>
			request('streams', false, timeoutMs, (reply) =>
				reply.ok({streams: [...world.server.streams.values()].map(streamInfo), missing: []}),
			),
		stream: (name, timeoutMs) =>
			onStream('stream', name, false, timeoutMs, (stream, reply) => {
				port.lookedAt = world.now();
				reply.ok(streamInfo(stream));
			}),
		consumers: (name, timeoutMs) =>
			onStream('consumers of', name, false, timeoutMs, (stream, reply) =>
				reply.ok({
					consumers: [...stream.consumers.values()].map((one) => consumerInfo(world, stream, one)),
					missing: [],
				}),
			),
		consumer: (name, consumer, timeoutMs) =>
			onStream<ConsumerInfo>('consumer of', name, false, timeoutMs, (stream, reply) =>
				onConsumer(stream, consumer, reply, (one) => reply.ok(consumerInfo(world, stream, one))),
			),
		permissions: (timeoutMs = 1000) => request('permissions', false, timeoutMs, (reply) => reply.ok({})),
		backup: (name, path, options) =>
			onStream<Backup>('snapshot', name, false, 60_000, (stream, reply) => {
				const kept = {messages: stream.present, stream: name, streamCreated: stream.created};
				const [messages, firstSeq, lastSeq] = [messagesOf(stream), firstOf(stream), stream.last];
				const consumers = stream.consumers.size;
				const storedBytes = bytesOf(stream);
				let isBroken = false;
				port.later(60, () => {
					try {
						options?.onProgress?.({text: 'half of it', fraction: 0.5});
					} catch (error) {
						isBroken = true;
						reply.fail(error as Error);
					}
				});
				// The archive has its name once all of it is there.
				port.later(120, () => {
					if (isBroken) {
						return;
					}
					if (folder.isFull) {
						reply.fail(new Error('ENOSPC: no space left on device, write'));
						return;
					}
					if (folder.backups.has(path)) {
						reply.fail(
							new BackupError(`There is something at ${path} already; a backup overwrites nothing.`),
						);
						return;
					}
					folder.backups.set(path, kept);
					reply.ok({folder: path, messages, firstSeq, lastSeq, consumers, storedBytes, sha256: '0'});
				});
			}),
		purge: (name, keep) =>
			change<number>('purge', name, undefined, 60_000, (stream, reply, sent) => {
				if (stream.config.sealed) {
					reply.fail(new JetStreamError('purge', 400, 10109, 'invalid operation on sealed stream'));
					return;
				}
				if (stream.config.deny_purge) {
					reply.fail(new JetStreamError('purge', 500, 10110, 'stream purge not permitted'));
					return;
				}
				// What a consumer that is ahead of its stream still needs is not counted by the plan: it says that none is. Once it does,
				// such a consumer counts here, too.
				const unprocessedBefore = [...stream.consumers.values()].filter(({floor}) => floor <= stream.last);
				const removed = purge(stream, keep, port.name, world.now());
				world.act({
					by: port.name,
					...sent,
					kind: 'purge',
					...identity(world, stream),
					removed,
					unprocessed: Math.max(0, ...unprocessedBefore.map((one) => unprocessedOf(stream, removed, one))),
				});
				reply.ok(sizeOf(removed), 20);
			}),
		createStream(config) {
			const name = String(config['name']);
			const sent = sentBy(port, 'create-stream', name);
			return request<void>(`create-stream ${name}`, true, 30_000, (reply) => {
				world.settle();
				if (world.server.streams.has(name)) {
					// One with the same configuration is success. (nats-server, stream.go, addStream)
					reply.ok(undefined);
					return;
				}
				const forgotten = world.server.forgotten.get(name);
				if (forgotten) {
					world.server.forgotten.delete(name);
					world.server.streams.set(name, forgotten);
				} else {
					world.addStream(config as StreamConfig);
				}
				world.act({by: port.name, ...sent, kind: 'create-stream', ...identity(world, world.streamAt(name)!)});
				reply.ok(undefined, 10);
			});
		},
		updateStream: (config) =>
			change('update-stream', String(config['name']), undefined, 10_000, (stream, reply) => {
				stream.config = {...stream.config, ...config};
				reply.ok(undefined);
			}),
		createConsumer(name, config) {
			const consumer = String(config['durable_name'] ?? config['name']);
			return change('create-consumer', name, consumer, 10_000, (stream, reply) => {
				const there = stream.consumers.get(consumer);
				const given = {...config, durable_name: consumer} as ConsumerConfig;
				if (!there) {
					makeConsumer(stream, given, world.now());
				} else if ((there.config.deliver_policy ?? 'all') !== (given.deliver_policy ?? 'all')) {
					reply.fail(new JetStreamError('consumer', 500, 10012, 'deliver policy can not be updated'));
					return;
				} else {
					there.config = given;
				}
				reply.ok(undefined, 5);
			});
		},
		deleteConsumer: (name, consumer) =>
			change('delete-consumer', name, consumer, 10_000, (stream, reply) =>
				onConsumer(stream, consumer, reply, () => {
					stream.consumers.delete(consumer);
					reply.ok(undefined);
				}),
			),
		resetConsumer: (name, consumer, nextSeq) =>
			change('reset-consumer', name, consumer, 10_000, (stream, reply) =>
				onConsumer(stream, consumer, reply, (one) => {
					one.floor = nextSeq - 1;
					one.delivered = nextSeq - 1;
					reply.ok(undefined);
				}),
			),
		resumeConsumer: (name, consumer) =>
			change('resume-consumer', name, consumer, 10_000, (stream, reply) =>
				onConsumer(stream, consumer, reply, (one) => {
					const {pause_until: _until, ...config} = one.config;
					one.config = config as ConsumerConfig;
					reply.ok(undefined, 100);
				}),
			),
	};
}

const identity = (world: World, {config, created}: WorldStream) => ({
	serverId: world.server.id,
	stream: config.name,
	streamCreated: created,
});

export function streamInfo(stream: WorldStream): StreamInfo {
	const {config, created, last} = stream;
	return {
		config: {
			...config,
			sealed: config.sealed ?? false,
			deny_purge: config.deny_purge ?? false,
			metadata: {...config.metadata},
		},
		created: new Date(epoch + created).toISOString(),
		cluster: undefined,
		state: {
			messages: messagesOf(stream),
			bytes: bytesOf(stream),
			first_seq: firstOf(stream),
			first_ts: '',
			last_seq: last,
			last_ts: '',
			num_deleted: 0,
			consumer_count: stream.consumers.size,
		},
		mirror: undefined,
		sources: undefined,
	} as StreamInfo;
}

export function consumerInfo(world: World, stream: WorldStream, consumer: WorldConsumer): ConsumerInfo {
	const {name, config, delivered, floor, deliveredCount} = consumer;
	return {
		stream_name: stream.config.name,
		name,
		config: {...config, max_ack_pending: config.max_ack_pending ?? 1000, metadata: {...config.metadata}},
		delivered: {consumer_seq: deliveredCount, stream_seq: delivered},
		ack_floor: {consumer_seq: deliveredCount, stream_seq: floor},
		num_ack_pending: ackPendingOf(stream, consumer),
		num_redelivered: 0,
		num_waiting: 1,
		num_pending: pendingOf(stream, consumer),
		paused: world.isPaused(config),
		push_bound: false,
		cluster: undefined,
	} as ConsumerInfo;
}
