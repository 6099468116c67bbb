import type {HealthAnswer} from '../../source/clients/health.ts';
import type {MetricsAnswer} from '../../source/clients/metrics.ts';
import type {Config} from '../../source/config/schema.ts';
import type {
	CommandEnd,
	Control,
	Deployment,
	Engine,
	Healthz,
	Server,
} from '../../source/deployment/deployment.ts';
import {JetStreamError} from '../../source/deployment/jetstream.ts';
import type {ServerAnswer} from '../../source/state/server-answer.ts';
import type {StorePlace} from '../../source/state/store-place.ts';
import {toFacts, type WorldContainer} from './containers.ts';
import {connect} from './jetstream.ts';
import {type Port, type Reply, unreachable} from './port.ts';
import {bytesOf} from './stream.ts';
import type {Folder} from './world.ts';

const engineMs = 30_000;

/** The seam's first half over the world, for one process. */
export function openWorldDeployment(
	port: Port,
	config: Config,
	folder: Folder,
	readOnly: boolean,
): Deployment {
	return {
		clock: {
			now: () => port.world.wall(),
			elapsed: () => port.world.now(),
			delay: (ms, signal) =>
				new Promise((resolve) => {
					port.later(ms, resolve);
					// Like every end of a wait it is heard in a turn of its own.
					signal?.addEventListener('abort', () => port.later(0, resolve), {once: true});
					if (signal?.aborted) {
						port.later(0, resolve);
					}
				}),
		},
		engine: engineOf(port, config),
		server: serverOf(port),
		endpoints: endpointsOf(port),
		connect: () => connect(port, folder),
		...(!readOnly && {control: controlOf(port, folder)}),
	};
}

/** Asks the engine; one that is dead refuses all. */
function askEngine<T>(
	port: Port,
	what: string,
	changes: boolean,
	act: (reply: Reply<T>) => void,
): Promise<T> {
	return port.ask<T>({
		to: 'engine',
		what,
		changes,
		timeoutMs: changes ? 180_000 : engineMs,
		act(reply) {
			const {world} = port;
			if (world.isEngineDead) {
				reply.fail(unreachable());
			} else if (world.engineSlowMs > 0) {
				world.time.after(world.engineSlowMs, () => {
					world.settle();
					act(reply);
				});
			} else {
				act(reply);
			}
		},
	});
}

const noSuchContainer = (id: string): Error =>
	Object.assign(new Error(`(HTTP code 404) no such container - No such container: ${id}`), {
		statusCode: 404,
	});

function engineOf(port: Port, {docker}: Config): Engine {
	const {world} = port;
	return {
		address: 'unix:///var/run/docker.sock',
		id: () => askEngine(port, 'id', false, (reply) => reply.ok(world.engineId)),
		version: () =>
			askEngine(port, 'version', false, (reply) => reply.ok({version: '28.0.0', apiVersion: '1.48'})),
		containers: () =>
			askEngine(port, 'containers', false, (reply) =>
				reply.ok(world.containers.filter(({project}) => project === docker.project).map(toFacts)),
			),
		// Nobody here makes a second container for a service, or a second project of the name.
		project: () =>
			askEngine(port, 'project', false, (reply) =>
				reply.ok({impostors: [], duplicates: [], oneOffs: [], parts: []}),
			),
		mounts: (id) =>
			askEngine(port, 'mounts', false, (reply) => reply.ok(world.containerById(id)?.spec.mounts ?? [])),
		composition: () =>
			askEngine(port, 'composition', false, (reply) =>
				reply.ok(
					world.containers.some(({project}) => project === docker.project)
						? {
								files: ['/srv/titan/compose.yml'],
								missing: [],
								services: world.specs.map(({service}) => service),
								command: (services) => `docker compose up -d ${services.join(' ')}`,
							}
						: undefined,
				),
			),
		storeDisk: (id) =>
			askEngine(port, 'disk of the store', false, (reply) =>
				reply.ok(
					id === undefined
						? {unknown: 'the server has no container'}
						: {path: '/var/lib/docker/volumes/nats', freeBytes: 80e9, totalBytes: 100e9},
				),
			),
		storePlace: () =>
			port.ask<StorePlace>({
				to: 'engine',
				what: 'place of the store',
				changes: false,
				otherwise: (error) => ({kind: 'unknown', why: error.message}),
				act: (reply) => reply.ok({kind: 'volume', folder: '/data/jetstream'}),
			}),
		describe: (error) => `Cannot reach the Docker engine: ${(error as Error).message}.`,
	};
}

function serverOf(port: Port): Server {
	const {world} = port;
	const state = () => world.serverState();
	return {
		address: async () => 'nats://127.0.0.1:4222',
		healthz: (_monitor, _signal, deadlineMs = 1500) =>
			port.ask<Healthz>({
				to: 'http',
				what: '/healthz',
				changes: false,
				timeoutMs: deadlineMs,
				otherwise: (error) => ({status: 'unreachable', error: error.message, elapsedMs: deadlineMs}),
				act(reply) {
					switch (state()) {
						case 'down':
							reply.fail(new Error('connect ECONNREFUSED 127.0.0.1:8222'));
							break;
						case 'booting':
							reply.ok({status: 'booting', error: 'nats: failed to be ready for connections', elapsedMs: 2});
							break;
						case 'ready': {
							const [lost] = world.server.forgotten.keys();
							reply.ok(
								lost === undefined
									? {status: 'ok', elapsedMs: 2}
									: {
											status: 'unavailable',
											error: `JetStream stream '${lost}' could not be recovered`,
											elapsedMs: 2,
										},
							);
							break;
						}
						default:
					}
				},
			}),
		identity: () =>
			port.ask<ServerAnswer[]>({
				to: 'nats',
				what: 'identity',
				changes: false,
				timeoutMs: 1500,
				otherwise: () => [],
				act(reply) {
					const {id, name, service} = world.server;
					const why = `${name} runs in the container of ${service}`;
					const answer = {
						address: '127.0.0.1:4222',
						serverId: id,
						serverName: name,
						service,
						is: 'same',
						why,
					} as const;
					if (state() !== 'paused') {
						reply.ok(
							state() === 'ready'
								? [
										{...answer, port: 'url'},
										{...answer, port: 'monitor'},
									]
								: [],
						);
					}
				},
			}),
		// Missing: who is connected, and another server at the address.
		connections: async () => undefined,
		node: () => Promise.reject(new Error('the world has no cluster')),
		store: () =>
			port.ask({
				to: 'http',
				what: '/jsz',
				changes: false,
				timeoutMs: 1500,
				act(reply) {
					if (state() === 'ready') {
						const usedBytes = [...world.server.streams.values()].reduce((sum, one) => sum + bytesOf(one), 0);
						reply.ok({folder: '/data/jetstream', usedBytes, limitBytes: 10e9});
					} else if (state() !== 'paused') {
						reply.fail(new Error('connect ECONNREFUSED 127.0.0.1:8222'));
					}
				},
			}),
		describe: async (error) =>
			error instanceof JetStreamError ? error.message : `Cannot reach NATS: ${(error as Error).message}.`,
	};
}

function endpointsOf(port: Port): Deployment['endpoints'] {
	const {world} = port;
	const serviceOf = (service: string | undefined): WorldContainer | undefined =>
		service === undefined ? undefined : world.containerOf(service);
	const asked = <T>(
		what: string,
		service: string | undefined,
		answer: (container: WorldContainer) => T,
		down: (text: string) => T,
		deadlineMs: number,
	) =>
		port.ask<T>({
			to: 'http',
			what,
			changes: false,
			timeoutMs: deadlineMs,
			otherwise: (error) => down(error.message),
			act(reply) {
				const container = serviceOf(service);
				if (container?.status === 'running' && !container.isStuck) {
					reply.ok(answer(container));
				} else if (container?.status !== 'paused' && !container?.isStuck) {
					reply.fail(new Error('connect ECONNREFUSED'));
				}
			},
		});
	return {
		health: ({name, service}, _signal, deadlineMs = 1500) =>
			asked<HealthAnswer>(
				`health of ${name}`,
				service,
				(container) => {
					const isUp = world.isConnected(container);
					const word = isUp ? ('healthy' as const) : ('unhealthy' as const);
					return {status: word, httpStatus: isUp ? 200 : 503, detail: `nats ${word}`, elapsedMs: 2};
				},
				(detail) => ({status: 'unreachable', detail, elapsedMs: deadlineMs}),
				deadlineMs,
			),
		metrics: ({name, service}, _signal, deadlineMs = 1500) =>
			asked<MetricsAnswer>(
				`metrics of ${name}`,
				service,
				() => ({status: 'ok', detail: 'ok', lagMessages: 0, elapsedMs: 2}),
				(detail) => ({status: 'unreachable', detail, elapsedMs: deadlineMs}),
				deadlineMs,
			),
	};
}

function controlOf(port: Port, folder: Folder): Control {
	const {world} = port;
	const onContainer = (
		kind: 'restart' | 'stop' | 'start' | 'unpause',
		id: string,
		work: (container: WorldContainer, reply: Reply<void>) => void,
	): Promise<void> => {
		const service = world.containerById(id)?.spec.service ?? id;
		const sent = port.isAlive ? sentBy(port, kind, service) : undefined;
		return askEngine<void>(port, `${kind} ${service}`, true, (reply) => {
			const container = world.containerById(id);
			if (!container) {
				reply.fail(noSuchContainer(id));
				return;
			}
			world.act({
				by: port.name,
				...(sent ?? {}),
				kind,
				project: container.project,
				service: container.spec.service,
				containerId: id,
			});
			work(container, reply);
		});
	};
	return {
		restart: (id, graceSeconds) =>
			onContainer('restart', id, (container, reply) =>
				end(port, container, graceSeconds, () => {
					if (world.containerById(id)) {
						world.startContainer(container);
						reply.ok(undefined);
					} else {
						reply.fail(noSuchContainer(id));
					}
				}),
			),
		stop: (id, graceSeconds) =>
			onContainer('stop', id, (container, reply) =>
				end(port, container, graceSeconds, () => reply.ok(undefined)),
			),
		start: (id) =>
			onContainer('start', id, (container, reply) => {
				if (container.status === 'paused') {
					reply.fail(
						Object.assign(new Error('(HTTP code 409) cannot start a paused container, try unpause instead'), {
							statusCode: 409,
						}),
					);
					return;
				}
				if (container.status !== 'running') {
					world.startContainer(container);
				}
				reply.ok(undefined, 5);
			}),
		unpause: (id) =>
			onContainer('unpause', id, (container, reply) => {
				if (container.status === 'paused') {
					world.unpauseContainer(container);
				}
				reply.ok(undefined);
			}),
		make(services, {anew = false} = {}) {
			const sent = sentBy(port, 'make', services.join(' '));
			return askEngine<void>(port, `make ${services.join(' ')}`, true, (reply) => {
				for (const service of services) {
					const spec = world.specs.find((one) => one.service === service);
					if (!spec) {
						reply.fail(new Error(`no such service: ${service}`));
						return;
					}
					const there = world.containerOf(service);
					world.act({by: port.name, ...sent, kind: 'make', project: world.project, service});
					if (there && !anew) {
						if (there.status !== 'running') {
							world.startContainer(there);
						}
						continue;
					}
					if (there) {
						world.removeContainer(there);
					}
					world.startContainer(world.addContainer(spec));
				}
				reply.ok(undefined, 50);
			});
		},
		connect: () => connect(port, folder),
		command: (argv) =>
			port.ask<CommandEnd>({
				to: 'engine',
				what: `command ${argv[0]}`,
				changes: true,
				otherwise: (error) => ({code: null, signal: null, output: '', timedOut: false, why: error.message}),
				act: (reply) => reply.ok({code: 0, signal: null, output: 'done', timedOut: false}, 100),
			}),
	};
}

/** A stop: it takes its time, and a frozen program takes the whole grace. */
function end(port: Port, container: WorldContainer, graceSeconds = 10, then: () => void): void {
	const {world} = port;
	if (container.status === 'exited') {
		then();
		return;
	}
	const takes =
		container.status === 'paused' || container.isStuck
			? graceSeconds * 1000
			: (container.spec.stopsInMs ?? 80);
	world.time.after(takes, () => {
		if (container.status !== 'exited') {
			world.endContainer(container, container.isStuck ? 137 : 0);
		}
		then();
	});
}

/** What the process knew, had and had written when it sent an act. */
export function sentBy(
	port: Port,
	kind: string,
	target: string,
): {run?: string; isAnnounced: boolean; isHolder: boolean; lookedAt: number} {
	const {world, run, lines} = port;
	const last = lines.filter(({event}) => event === 'step').at(-1);
	const inStep = last?.event === 'step' && last.status === 'running';
	const isStopping = lines.some((line) => line.event === 'stopping' && line.services.includes(target));
	// A run that ends starts what it stopped after its last step; all else belongs to a step.
	const isAnnounced =
		kind === 'stop' || kind === 'restart'
			? inStep && isStopping
			: inStep || (['start', 'unpause', 'make'].includes(kind) && lines.length > 0);
	const lock = world.engineLock;
	const here = world.hostLocks.get(port.host)?.port === port;
	return {
		...(run !== undefined && {run}),
		isAnnounced,
		isHolder: here && (lock === undefined || lock.port === port || port.isUnlocked),
		lookedAt: port.lookedAt,
	};
}
