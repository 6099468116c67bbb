import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {rememberStream} from '../../source/records/saved-configs.ts';
import {consumerInfo, streamInfo} from './jetstream.ts';
import {only} from './ranges.ts';
import type {ConsumerConfig, StreamConfig, WorldStream} from './stream.ts';
import {type Folder, World} from './world.ts';

/** The configuration of the world's deployment: the built-in profile, and two runbooks of an operator's own. */
export const config: Config = {
	...titan,
	keep: 1000,
	runbooks: [
		{
			id: 'calm',
			title: 'stop the publisher, purge, start it',
			steps: [
				{stop: ['titan-brain']},
				{purge: {keep: 500}},
				{run: ['true']},
				{start: ['titan-brain']},
				{waitFor: ['titan-brain']},
			],
		},
		{
			id: 'bounce',
			title: 'restart all of it',
			steps: [{restart: 'all'}, {waitFor: 'server'}, {waitFor: 'endpoints'}],
		},
	],
};

export const streamName = config.stream;

export const streamConfig = (changes: Partial<StreamConfig> = {}): StreamConfig => ({
	name: streamName,
	subjects: ['titan.intents.>'],
	retention: 'limits',
	storage: 'file',
	discard: 'old',
	max_bytes: -1,
	max_msgs: -1,
	...changes,
});

export const consumerConfig: ConsumerConfig = {
	durable_name: config.consumer,
	deliver_policy: 'all',
	ack_policy: 'explicit',
	max_ack_pending: 1000,
};

/** What a scene begins from, before anything is wrong. */
export type Beginning = {
	stream?: Partial<StreamConfig>;
	messages?: number;
	/** Of these, so many were not acknowledged. */
	lag?: number;
};

/** A world that is well: five services around a server, with a backlog; and containers and streams of others. */
export function healthyWorld({stream: changes = {}, messages = 5000, lag = 40}: Beginning = {}): World {
	const world = new World('titan-nats');
	world.workStream = streamName;
	const nats = ['titan-nats'];
	world.specs.push(
		{
			service: 'titan-nats',
			healsInMs: 600,
			mounts: [{source: '/var/lib/docker/volumes/nats', destination: '/data', writable: true}],
		},
		{service: 'titan-brain', dependsOn: nats, publishesPerSecond: 60, healsInMs: 300},
		{
			service: 'titan-execution',
			dependsOn: ['titan-nats', 'titan-brain'],
			consumes: {consumer: config.consumer, perSecond: 90},
			stopsInMs: 300,
		},
		{service: 'titan-sentinel', dependsOn: nats},
		{service: 'titan-scavenger', dependsOn: ['titan-brain'], stopSeconds: 2},
	);
	const stream = world.addStream(streamConfig(changes));
	fill(stream, messages);
	world.addConsumer(stream, consumerConfig);
	const consumer = stream.consumers.get(config.consumer)!;
	if (stream.config.retention !== 'limits') {
		stream.present = only(messages - lag + 1, messages);
	}
	stream.acknowledged.set(consumer.name, only(1, messages - lag));
	consumer.floor = messages - lag;
	consumer.delivered = consumer.floor;
	fill(world.addStream(streamConfig({name: 'ORDERS', subjects: ['orders.>']})), 300);
	for (const spec of world.specs) {
		world.startContainer(world.addContainer(spec));
	}
	world.startContainer(world.addContainer({service: 'titan-brain'}, 'other'));
	world.server.readyAt = 0;
	for (const container of world.containers) {
		for (const takeBack of container.later.splice(0)) {
			takeBack();
		}
		container.health = container.health === 'none' ? 'none' : 'healthy';
		container.startedAt -= 3_600_000;
		if (container.spec.publishesPerSecond !== undefined || container.spec.consumes) {
			container.connectedAt = container.project === world.project ? 0 : Number.POSITIVE_INFINITY;
		}
	}
	return world;
}

function fill(stream: WorldStream, messages: number): void {
	stream.last = messages;
	stream.floor = 1;
	stream.present = only(1, messages);
}

/** A console has watched for a while: the configurations are saved, and what the consumers had acknowledged is known. */
export function watched(world: World, folder: Folder): void {
	for (const stream of world.server.streams.values()) {
		const consumers = [...stream.consumers.values()].map((one) => consumerInfo(world, stream, one));
		folder.saved = rememberStream(folder.saved, streamInfo(stream), consumers, world.wall());
	}
	world.look(folder);
}

export type Scene = {
	name: string;
	begins?: Beginning;
	/** What goes wrong, after the consoles have seen it well. */
	happens?(world: World): void;
};

const container = (world: World, service: string) => world.containerOf(service)!;

/** What a deployment may be like when a runbook is started. */
export const scenes: readonly Scene[] = [
	{name: 'healthy'},
	{
		name: 'server stopped',
		happens: (world) => world.endContainer(container(world, 'titan-nats'), 137),
	},
	{name: 'server paused', happens: (world) => world.pauseContainer(container(world, 'titan-nats'))},
	{name: 'server hung', happens: (world) => world.hang(container(world, 'titan-nats'))},
	{
		name: 'server booting',
		happens(world) {
			world.server.bootsInMs = 3000;
			world.endContainer(container(world, 'titan-nats'));
			world.startContainer(container(world, 'titan-nats'));
		},
	},
	{
		name: 'server detached',
		happens(world) {
			container(world, 'titan-nats').networks = [];
		},
	},
	{
		name: 'client stopped',
		happens: (world) => world.endContainer(container(world, 'titan-execution')),
	},
	{
		name: 'client missing',
		happens: (world) => world.removeContainer(container(world, 'titan-brain')),
	},
	{name: 'client hung', happens: (world) => world.hang(container(world, 'titan-brain'))},
	{
		name: 'stream full',
		begins: {stream: {discard: 'new', max_msgs: 5000}, lag: 3000},
		happens: (world) => world.hang(container(world, 'titan-execution')),
	},
	{
		name: 'stream forgotten',
		happens(world) {
			const stream = world.streamAt(streamName)!;
			world.server.streams.delete(streamName);
			world.server.forgotten.set(streamName, stream);
		},
	},
	{
		name: 'stream deleted',
		happens: (world) => void world.server.streams.delete(streamName),
	},
	{
		name: 'consumer missing',
		happens: (world) => void world.streamAt(streamName)!.consumers.delete(config.consumer),
	},
	{
		name: 'consumer ahead',
		happens(world) {
			const consumer = world.streamAt(streamName)!.consumers.get(config.consumer)!;
			consumer.floor = 90_000;
			consumer.delivered = 90_000;
		},
	},
	{name: 'memory stream', begins: {stream: {storage: 'memory'}}},
	{name: 'work queue', begins: {stream: {retention: 'workqueue'}, lag: 2500}},
	{name: 'interest stream', begins: {stream: {retention: 'interest'}, lag: 2500}},
	{name: 'sealed', begins: {stream: {sealed: true}}},
	{
		name: 'engine dead',
		happens(world) {
			world.isEngineDead = true;
			world.time.after(4000, () => {
				world.isEngineDead = false;
			});
		},
	},
	{
		name: 'engine slow',
		happens(world) {
			world.engineSlowMs = 400;
		},
	},
	{
		name: 'records full',
		happens(world) {
			world.folder('ana').isFull = true;
		},
	},
];

/** A world at the beginning of a scene, watched by the consoles of these folders. */
export function begin({begins, happens}: Scene, folders: readonly string[]): World {
	const world = healthyWorld(begins);
	for (const name of folders) {
		watched(world, world.folder(name));
	}
	happens?.(world);
	return world;
}
