import {onTestFinished} from 'vitest';
import {readHealthz} from '../../../source/clients/nats/monitor.ts';
import {readNode} from '../../../source/clients/nats/node.ts';
import type {Config} from '../../../source/config/schema.ts';
import {titan} from '../../../source/config/titan.ts';
import {machineClock} from '../../../source/deployment/clock.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import {httpServer} from '../../clients/server.ts';
import {container} from '../../state/fixture.ts';

type Server = {
	status: ContainerFacts['status'];
	/** What /healthz says: ok, an error, or nothing at all. */
	healthz: 'ok' | 'silent' | {error: string};
	leader: string | undefined;
	startedAt: number;
};

/**
Three servers that are none: containers that a fake engine starts and stops, real monitoring ports. What was done,
in order, is in `done`.
*/
export async function fakeCluster(changes: Record<string, Partial<Server>> = {}, leader = 'titan-nats-2') {
	const names = ['titan-nats', 'titan-nats-2', 'titan-nats-3'];
	const done: string[] = [];
	const servers = new Map(
		names.map((name) => [
			name,
			{status: 'running', healthz: 'ok', leader, startedAt: 0, ...changes[name]} as Server,
		]),
	);
	const monitors = await Promise.all(
		names.map((name) =>
			httpServer((request, response) => {
				const {status, healthz, leader: known} = servers.get(name)!;
				if (status !== 'running' || healthz === 'silent') {
					request.socket.destroy();
					return;
				}
				const isFine = healthz === 'ok';
				response.writeHead(request.url === '/healthz' && !isFine ? 503 : 200).end(
					JSON.stringify(
						request.url === '/healthz'
							? isFine
								? {status: 'ok'}
								: {status: 'unavailable', error: healthz.error}
							: {
									server_name: name,
									memory: 0,
									storage: 0,
									meta_cluster: {leader: known, cluster_size: 3},
								},
					),
				);
			}),
		),
	);
	const config: Config = {
		...titan,
		nats: {
			...titan.nats,
			monitor: monitors[0]!,
			peers: [1, 2].map((index) => ({service: names[index]!, monitor: monitors[index]!})),
		},
	};
	const list = async () =>
		names.map((name) => {
			const {status, startedAt} = servers.get(name)!;
			return container(name, {status, containerId: name, dependsOn: [], startedAt});
		});
	const ended = new AbortController();
	onTestFinished(() => ended.abort());
	const up = (name: string): void => {
		servers.set(name, {...servers.get(name)!, status: 'running', healthz: 'ok', leader});
	};
	const context = {
		config,
		deployment: {
			clock: machineClock,
			// There is no NATS behind these ports: the streams are current.
			connect: async () => ({streams: async () => ({streams: [], missing: []}), close: async () => {}}),
			engine: {id: async () => 'engine', containers: list, storePlace: async () => ({kind: 'volume'})},
			server: {
				identity: async () => [],
				connections: async () => undefined,
				healthz: readHealthz,
				node: async (monitor: string) => (await readNode(monitor)).view,
			},
		},
		control: {
			async restart(name: string) {
				done.push(`restart ${name}`);
				up(name);
			},
			async start(name: string) {
				done.push(`start ${name}`);
				up(name);
			},
			async unpause(name: string) {
				done.push(`unpause ${name}`);
				up(name);
			},
		},
		signal: ended.signal,
		async confirmLock() {
			done.push('confirm');
		},
		progress() {},
		write: ({event, services}: {event: string; services?: string[]}) =>
			void done.push([event, ...(services ?? [])].join(' ')),
		memory: {},
		pins: {engine: 'engine', containers: Object.fromEntries(names.map((name) => [name, [name]]))},
	} as unknown as RunContext;
	return {context, config, servers, done, names, abort: () => ended.abort(new Error('by the test'))};
}
