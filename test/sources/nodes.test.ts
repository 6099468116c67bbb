import {expect, it, onTestFinished} from 'vitest';
import {watchNodes} from '../../source/sources/nodes.ts';
import type {Observation} from '../../source/state/observation.ts';
import {httpServer, nobody} from '../clients/server.ts';
import {until} from '../until.ts';

const monitor = (name: string, asked: string[] = []) =>
	httpServer((request, response) => {
		asked.push(request.url ?? '');
		response.end(
			JSON.stringify(
				request.url === '/healthz'
					? {status: 'ok'}
					: {server_name: name, routes: [], meta_cluster: null, memory: 0, storage: 0},
			),
		);
	});

it('asks each server, the first one also as one that is alone', async () => {
	const asked: string[] = [];
	const ended = new AbortController();
	onTestFinished(() => ended.abort());
	const seen: Observation[] = [];
	const nodes = [
		{service: 'a', monitor: await monitor('n1', asked)},
		{service: 'b', monitor: await monitor('n2')},
		{service: 'c', monitor: await nobody()},
		{service: 'd', monitor: undefined},
	];
	const watched = watchNodes(nodes, (observation) => seen.push(observation), ended.signal);
	await until('a second view', () => asked.filter((path) => path === '/jsz?streams=1').length >= 2, 10_000);
	ended.abort();
	await watched;

	const of = (service: string) => seen.filter((one) => 'service' in one && one.service === service);
	expect(of('a')[0]).toMatchObject({kind: 'node', status: 'ok'});
	expect(of('b').find(({kind}) => kind === 'node-view')).toMatchObject({view: {serverName: 'n2'}});
	expect(of('c')[0]).toMatchObject({kind: 'node', status: 'unreachable', error: 'connection refused'});
	expect(of('d')).toEqual([]);
	// Healthz each second, the rest each third.
	expect(asked.filter((path) => path === '/healthz')).toHaveLength(4);
	const kinds = (kind: string) => seen.filter((one) => one.kind === kind);
	expect(kinds('healthz')).toHaveLength(
		kinds('node').filter((one) => 'service' in one && one.service === 'a').length,
	);
	expect(kinds('varz')[0]).toMatchObject({varz: {serverName: 'n1'}});
	const sources = kinds('source').map((one) => (one.kind === 'source' ? `${one.source} ${one.status}` : ''));
	expect([...new Set(sources)].sort()).toEqual(['monitor up', 'node:a up', 'node:b up', 'node:c down']);
	expect(kinds('source').find((one) => one.kind === 'source' && one.source === 'node:c')).toMatchObject({
		error: expect.stringMatching(/\/healthz: connection refused$/),
	});
});

it('counts who is connected, of all servers together, and not where one does not answer', async () => {
	const connz = (...addresses: string[]) =>
		httpServer((request, response) => {
			const connections = addresses.map((ip, index) => ({cid: index + 1, ip}));
			response.end(
				JSON.stringify(
					request.url?.startsWith('/connz') ? {total: addresses.length, connections} : {status: 'ok'},
				),
			);
		});
	const counted = async (...monitors: string[]) => {
		const ended = new AbortController();
		onTestFinished(() => ended.abort());
		const seen: Observation[] = [];
		const nodes = monitors.map((monitor, index) => ({service: `n${index}`, monitor}));
		void watchNodes(nodes, (observation) => seen.push(observation), ended.signal);
		await until(
			'two looks',
			() => seen.filter(({kind}) => kind === 'node').length > 2 * nodes.length,
			10_000,
		);
		return seen.flatMap((one) => (one.kind === 'connz' ? [one.byAddress] : []))[0];
	};
	const [a, b] = [await connz('10.0.0.1', '10.0.0.2'), await connz('10.0.0.1')];
	expect(await counted(a, b)).toEqual({'10.0.0.1': 2, '10.0.0.2': 1});
	expect(await counted(a, await nobody())).toBeUndefined();
});
