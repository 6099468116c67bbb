import {hostname} from 'node:os';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {EngineReader} from '../../source/clients/contained-servers.ts';
import {readContainedServer} from '../../source/clients/contained-servers.ts';
import type {DockerEndpoint} from '../../source/clients/docker/endpoint.ts';
import {titan} from '../../source/config/titan.ts';
import {watchServerIdentity} from '../../source/sources/server-identity.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {tcpServer} from '../clients/server.ts';
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
	firstLines: async () => [],
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
	const watch = () => {
		const ended = new AbortController();
		onTestFinished(() => ended.abort());
		const seen: string[] = [];
		const tell = watchServerIdentity(
			{config, docker: {...engine(), list: async () => []}},
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
