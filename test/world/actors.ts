import {type Random, randomOf} from './random.ts';
import {config, consumerConfig, streamConfig, streamName} from './scenes.ts';
import {makeConsumer, purge} from './stream.ts';
import type {Act, World} from './world.ts';

/** Somebody else who works on the deployment, by hand, and asks nobody. */
const who = 'somebody';

type Action = (world: World, random: Random) => void;

const note = (world: World, kind: Act['kind'], service: string): void =>
	world.act({
		by: who,
		kind,
		project: world.project,
		service,
		containerId: world.containerOf(service)?.id ?? '',
	});

const noteStream = (world: World, kind: Act['kind'], stream: string, consumer?: string): void =>
	world.act({
		by: who,
		kind,
		stream,
		streamCreated: world.streamAt(stream)?.created ?? 0,
		serverId: world.server.id,
		...(consumer !== undefined && {consumer}),
	});

/** Does something to a container that is there. */
const toContainer =
	(kind: Act['kind'], work: (world: World, service: string) => void): Action =>
	(world, random) => {
		const {service} = random.pick(world.specs);
		if (world.containerOf(service)) {
			note(world, kind, service);
			work(world, service);
		}
	};

const actions: readonly Action[] = [
	toContainer('stop', (world, service) => {
		const container = world.containerOf(service)!;
		if (container.status !== 'exited') {
			world.endContainer(container);
		}
	}),
	toContainer('start', (world, service) => {
		const container = world.containerOf(service)!;
		if (container.status === 'exited') {
			world.startContainer(container);
		}
	}),
	toContainer('restart', (world, service) => {
		const container = world.containerOf(service)!;
		world.endContainer(container);
		world.startContainer(container);
	}),
	toContainer('pause', (world, service) => {
		const container = world.containerOf(service)!;
		if (container.status === 'running') {
			world.pauseContainer(container);
		}
	}),
	toContainer('unpause', (world, service) => {
		const container = world.containerOf(service)!;
		if (container.status === 'paused') {
			world.unpauseContainer(container);
		}
	}),
	toContainer('remove', (world, service) => world.removeContainer(world.containerOf(service)!)),
	// `docker compose up --force-recreate`: another container of the same name.
	toContainer('make', (world, service) => {
		world.removeContainer(world.containerOf(service)!);
		world.startContainer(world.addContainer(world.specs.find((spec) => spec.service === service)!));
	}),
	(world, random) => {
		const {service} = random.pick(world.specs);
		const container = world.containerOf(service);
		if (container?.status === 'running') {
			note(world, 'pause', service);
			world.hang(container);
		}
	},
	(world, random) => {
		const stream = world.streamAt(streamName);
		if (stream && world.serverState() === 'ready') {
			noteStream(world, 'purge', streamName);
			purge(stream, random.pick(['nothing', 100] as const), who, world.now());
		}
	},
	(world) => {
		if (world.streamAt(streamName) && world.serverState() === 'ready') {
			noteStream(world, 'delete-stream', streamName);
			world.server.streams.delete(streamName);
		}
	},
	// Another stream of the same name.
	(world) => {
		if (world.serverState() === 'ready') {
			noteStream(world, 'delete-stream', streamName);
			world.settle();
			world.server.streams.delete(streamName);
			makeConsumer(world.addStream(streamConfig()), consumerConfig, world.now());
			noteStream(world, 'create-stream', streamName);
		}
	},
	(world) => {
		const stream = world.streamAt(streamName);
		if (stream?.consumers.delete(config.consumer)) {
			noteStream(world, 'delete-consumer', streamName, config.consumer);
		}
	},
	(world, random) => {
		world.isEngineDead = true;
		world.tell(who, 'ends the engine for a while');
		world.time.after(500 + random.int(8000), () => {
			world.isEngineDead = false;
			world.tell('world', 'the engine is back');
		});
	},
	(world, random) => {
		world.engineSlowMs = random.int(1500);
		world.time.after(5000, () => {
			world.engineSlowMs = 0;
		});
	},
	(world, random) => {
		const folder = random.pick([...world.folders.values()]);
		folder.isFull = true;
		world.tell(who, `fills the disk of ${folder.name}`);
		world.time.after(1000 + random.int(20_000), () => {
			folder.isFull = false;
		});
	},
	// `docker container prune` takes the lock's container with it. Missing: that of a killed run. Who has other records does not
	// hear of that run then, and his own run hides it from those who have its journal.
	(world) => {
		if (world.engineLock?.port.isAlive) {
			world.engineLock = undefined;
			world.tell(who, 'removes the lock');
		}
	},
];

/** Lets somebody do so many things, at times that the seed decides. */
export function letActorsLoose(world: World, seed: number, count: number, withinMs: number): void {
	const random = randomOf(seed);
	for (let index = 0; index < count; index++) {
		const action = random.pick(actions);
		world.time.after(random.int(withinMs), () => {
			world.settle();
			action(world, random);
		});
	}
}
