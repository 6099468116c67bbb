import {writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {EngineReader} from '../../source/clients/contained-servers.ts';
import {readContainedServer} from '../../source/clients/contained-servers.ts';
import type {DockerEndpoint} from '../../source/clients/docker/endpoint.ts';
import {readIdentity} from '../../source/clients/identity.ts';
import {titan} from '../../source/config/titan.ts';
import {watchServerIdentity} from '../../source/sources/server-identity.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {httpServer, tcpServer} from '../clients/server.ts';
import {tempFolder} from '../config/temp.ts';
import {container, exited, now, server, url} from '../state/fixture.ts';
import {until} from '../until.ts';

const id = (letter: string): string => `N${letter.repeat(55)}`;
const logLine = (letter: string): string => `[1] 2026/11/29 22:23:53.149810 [INF]   ID:       ${id(letter)}`;

/** What speaks as a NATS server of this id. Answers its port. */
async function speaker(letter: string): Promise<number> {
	const address = await tcpServer((socket) => {
		socket.write(`INFO {"server_id":"${id(letter)}","server_name":"n-${letter}"}\r\n`);
	});
	return Number(new URL(address).port);
}

const engine = (changes: Partial<EngineReader> = {}): EngineReader => ({
	endpoint: {kind: 'socket', path: '/var/run/docker.sock'} as DockerEndpoint,
	hostName: async () => hostname(),
	isRootless: async () => false,
	firstLines: async () => [],
	composeProject: async () => undefined,
	...changes,
});

/** A container whose own address is this machine's, with a server at that port. */
const contained = (port: number, changes: Partial<ContainerFacts> = {}): ContainerFacts =>
	container('titan-nats', {addresses: ['127.0.0.1'], ports: [`127.0.0.1:4222->${port}/tcp`], ...changes});

describe('the server in a container', () => {
	const read = (docker: EngineReader, facts: ContainerFacts | undefined) =>
		readContainedServer(docker, {service: 'titan-nats', monitor: undefined}, facts, ['127.0.0.1:4222']);

	it('is asked at the address that only the container has', async () => {
		const facts = contained(await speaker('A'));
		expect(await read(engine(), facts)).toEqual({
			service: 'titan-nats',
			status: 'running',
			publishes: true,
			serverId: id('A'),
		});
	});

	it('is known by its log on an engine elsewhere, whose addresses may be others here', async () => {
		const facts = contained(await speaker('A'));
		const lines = async () => ['[1] 2026/11/29 22:23:53.149653 [INF] Starting nats-server', logLine('B')];
		const remote = {kind: 'tcp', host: 'prod', port: 2376} as unknown as DockerEndpoint;
		for (const docker of [
			engine({endpoint: remote, firstLines: lines}),
			engine({hostName: async () => 'bastion', firstLines: lines}),
		]) {
			expect(await read(docker, facts)).toEqual({
				service: 'titan-nats',
				status: 'running',
				serverId: id('B'),
			});
		}
	});

	it('is not asked at its address on a rootless engine: the same address is another container here', async () => {
		const facts = contained(await speaker('A'));
		const rootless = engine({isRootless: async () => true, firstLines: async () => [logLine('B')]});
		expect(await read(rootless, facts)).toEqual({
			service: 'titan-nats',
			status: 'running',
			serverId: id('B'),
		});
	});

	it('is asked at all its addresses at once', async () => {
		const silent = await tcpServer(() => {});
		const port = Number(new URL(silent).port);
		const ports = [`127.0.0.1:4222->${port}/tcp`];
		const facts = contained(port, {ports, addresses: Array.from({length: 4}, () => '127.0.0.1')});
		const began = performance.now();
		await read(engine(), facts);
		expect(performance.now() - began).toBeLessThan(1600);
	});

	it('is known by its log in the network of the host, which has no address of the container', async () => {
		const facts = contained(1, {addresses: [], ports: [], networks: ['host']});
		expect(await read(engine({firstLines: async () => [logLine('A')]}), facts)).toMatchObject({
			serverId: id('A'),
		});
	});

	it('is not known where neither tells, with the reason', async () => {
		const refuses = engine({
			firstLines: async () => {
				throw new Error('configured logging driver does not support reading');
			},
		});
		expect((await read(refuses, contained(1))).unread).toMatch(
			/^127\.0\.0\.1:1: connection refused.*does not support reading$/,
		);
		expect((await read(engine(), contained(1))).unread).toMatch(/its log does not show it$/);
	});

	it('says where its port is published', async () => {
		const moved = container('titan-nats', {
			...exited,
			ports: ['0.0.0.0:14222->4222/tcp', ':::14222->4222/tcp'],
		});
		expect(await read(engine(), moved)).toEqual({
			service: 'titan-nats',
			status: 'exited',
			publishes: false,
			publishedAt: '127.0.0.1:14222',
		});
		expect(await read(engine(), undefined)).toEqual({service: 'titan-nats', status: 'missing'});
	});
});

describe('who answers, of a server without a container', () => {
	const one = {address: '127.0.0.1:4222', serverId: id('A'), serverName: 'n'};
	const config = {...titan, nats: {...titan.nats, monitor: undefined}};
	const answers = async (
		docker: EngineReader,
		containers: ContainerFacts[],
		wasHere?: (service: string) => boolean,
	) => (await readIdentity(docker, config, containers, [one], undefined, wasHere)).map(({is}) => is);
	const worker = container('worker', {dependsOn: []});

	it('is not known where this project never had one', async () => {
		expect(await answers(engine(), [worker])).toEqual(['unknown']);
	});

	it('is another one where a dependent, the memory or the Compose file says that there is one', async () => {
		expect(await answers(engine(), [container('worker', {dependsOn: ['titan-nats']})])).toEqual(['other']);
		expect(await answers(engine(), [worker], () => true)).toEqual(['other']);
		const folder = await tempFolder();
		const file = join(folder, 'compose.yml');
		await writeFile(file, 'services:\n  titan-nats:\n    image: nats\n');
		const compose = {project: 'titan', configFiles: [file], workingDir: folder, environmentFiles: []};
		const docker = engine({composeProject: async () => ({...compose, isConfigured: true})});
		expect(await answers(docker, [worker])).toEqual(['other']);
	});

	it('is not known of a server of a cluster that runs on another host, also at its monitoring port', async () => {
		const monitor = await httpServer((_, response) =>
			response.end(JSON.stringify({server_id: id('C'), server_name: 'n-2'})),
		);
		const cluster = {...config, nats: {...config.nats, peers: [{service: 'n2', monitor}]}};
		const here = container('titan-nats', {dependsOn: ['n2'], addresses: [], ports: []});
		const docker = engine({firstLines: async () => [logLine('A')]});
		const found = await readIdentity(docker, cluster, [here], [one]);
		expect(found.map(({port, is}) => `${port} ${is}`)).toEqual(['url same', 'monitor unknown']);
	});

	it('is not known where the configuration has more addresses than servers', async () => {
		const down = container('titan-nats', exited);
		const several = {...config, nats: {...config.nats, url: 'nats://h1,nats://h2,nats://h3'}};
		const [found] = await readIdentity(engine(), several, [down], [one]);
		expect(found).toMatchObject({
			is: 'unknown',
			why: expect.stringMatching(/3 addresses and names 1 server$/),
		});
		expect(found).not.toHaveProperty('ofAddresses');
		const [ofContext] = await readIdentity(engine(), config, [down], [{...one, ofAddresses: 3}]);
		expect(ofContext?.is).toBe('unknown');
		expect(await answers(engine(), [down])).toEqual(['other']);
	});
});

describe('who answers', () => {
	const config = {...titan, nats: {...titan.nats, monitor: undefined}};
	const connected = (letter: string): Observation => ({
		kind: 'connection',
		status: 'connected',
		url,
		server: {...server, name: `n-${letter}`, id: id(letter)},
		address: '127.0.0.1:4222',
		at: now,
	});
	const watch = (docker = engine()) => {
		const ended = new AbortController();
		onTestFinished(() => ended.abort());
		const seen: string[] = [];
		const tell = watchServerIdentity(
			{config, docker: {...docker, list: async () => []}},
			(observation) => {
				if (observation.kind === 'identity') {
					seen.push(observation.answers.map(({is}) => is).join());
				}
			},
			ended.signal,
		);
		return {tell, seen};
	};
	const next = (seen: string[], count: number) =>
		until(`${count} verdicts`, () => seen.length >= count, 5000);

	it('is looked at once for each server and container', async () => {
		const {tell, seen} = watch();
		const facts = contained(await speaker('A'));
		tell(connected('A'));
		tell({kind: 'containers', containers: [facts], at: now});
		tell({kind: 'containers', containers: [facts], at: now + 1});
		await next(seen, 1);
		// Another server has the port; the container is as it was.
		tell(connected('B'));
		await next(seen, 2);
		tell(connected('A'));
		await next(seen, 3);
		expect(seen).toEqual(['same', 'other', 'same']);
	});

	it('is not decided while the container of the server cannot be read', async () => {
		let asked = 0;
		const composeProject = async () => void asked++ as undefined;
		const {tell, seen} = watch(engine({composeProject}));
		tell(connected('A'));
		const unread = [{service: 'titan-nats', error: 'not understood'}];
		tell({kind: 'containers', containers: [], unread, at: now});
		tell({kind: 'containers', containers: [contained(await speaker('A'))], at: now + 1});
		await next(seen, 1);
		expect(seen).toEqual(['same']);
		// It was never taken for one without a container.
		expect(asked).toBe(0);
	});

	it('is no other one where the container only ended a moment before the connection', async () => {
		const {tell, seen} = watch();
		const port = await speaker('A');
		tell(connected('A'));
		tell({kind: 'containers', containers: [contained(port)], at: now});
		await next(seen, 1);
		tell({kind: 'container', container: contained(port, exited), at: now + 1});
		tell({kind: 'connection', status: 'disconnected', url, error: 'closed', at: now + 2});
		tell({kind: 'container', container: contained(port, {startedAt: now + 3}), at: now + 3});
		tell(connected('A'));
		await next(seen, 2);
		expect(seen).toEqual(['same', 'same']);
	});
});
