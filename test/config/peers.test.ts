import {describe, expect, test} from 'vitest';
import {loadConfig} from '../../source/config/load.ts';
import {isCluster, majorityOf, nodeServices, nodesOf} from '../../source/config/nodes.ts';
import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {tempFolder} from './temp.ts';

async function load(text: string, env: NodeJS.ProcessEnv = {}): Promise<Config> {
	const cwd = await tempFolder({'jetmedic.yaml': text});
	return (await loadConfig({cwd, env: {HOME: cwd, ...env}})).config;
}
const problems = (text: string): Promise<string[]> =>
	load(text).then(
		() => [],
		({message}: Error) => message.split('\n'),
	);

const peer = (number: number): string =>
	`    - {service: titan-nats-${number}, monitor: 'http://127.0.0.1:${8221 + number}'}\n`;
const two = `nats:\n  url: nats://127.0.0.1:4222,nats://127.0.0.1:4223\n  peers:\n${peer(2)}${peer(3)}`;

describe('the servers of a cluster', () => {
	test('are the first one and its peers', async () => {
		const config = await load(two);
		expect(isCluster(config)).toBe(true);
		expect(nodeServices(config)).toEqual(['titan-nats', 'titan-nats-2', 'titan-nats-3']);
		expect(nodesOf(config)[2]).toEqual({service: 'titan-nats-3', monitor: 'http://127.0.0.1:8224'});
		expect(isCluster(titan)).toBe(false);
		expect(nodesOf(titan)).toEqual([{service: 'titan-nats', monitor: titan.nats.monitor}]);
		expect([1, 2, 3, 4, 5].map(majorityOf)).toEqual([1, 2, 2, 3, 3]);
	});

	test.each([
		['peers: []', 'nats.peers: expected at least one entry, got a list.'],
		['peers: none', 'nats.peers: expected a list, got "none".'],
		[
			"peers: [{service: 'a b', monitor: 'http://h:1'}]",
			'nats.peers[0].service: expected only letters, digits, dot, dash and underscore, got "a b".',
		],
		[
			'peers: [{service: a}]',
			'nats.peers[0].monitor: is missing (the monitoring port of that server, as http://127.0.0.1:8223).',
		],
		[
			'peers: [{service: a, monitor: 8223}]',
			'nats.peers[0].monitor: expected text, got 8223; put it in quotes.',
		],
		[
			"peers: [{service: a, monitor: 'nats://h:4222'}]",
			'nats.peers[0].monitor: expected an address such as http://127.0.0.1:3100/health, got "nats://h:4222".',
		],
		["peers: [{service: a, monitor: 'http://h:1', url: x}]", 'nats.peers[0].url: is not a known key.'],
		[
			"peers: [{service: titan-nats, monitor: 'http://h:1'}]",
			'nats.peers[0].service: is the service of another server already',
		],
		[
			"peers: [{service: a, monitor: 'http://127.0.0.1:8222'}]",
			'nats.peers[0].monitor: is the monitoring port of another server already',
		],
	])('a wrong one is refused with its line: %s', async (text, problem) => {
		const lines = await problems(`keep: 5\nnats:\n  ${text}\n`);
		expect(lines).toEqual([expect.any(String)]);
		expect(lines[0]).toContain(`jetmedic.yaml:3: ${problem}`);
	});

	test('need the port of the first one', async () => {
		const other = `deployment: o\nstream: S\nconsumer: c\nnats:\n  service: bus\n  peers:\n${peer(2)}`;
		expect(await problems(other)).toEqual([
			'jetmedic.yaml:6: nats.peers: needs nats.monitor: the first server (bus) is watched as the others are.',
		]);
	});

	test('go when the server becomes another one, as its port does', async () => {
		expect(await load(two, {NATS_URL: 'nats://127.0.0.1:4222'}).then(isCluster)).toBe(true);
		const {nats} = await load(two, {NATS_URL: 'nats://10.0.0.5:4222'});
		expect(nats).not.toHaveProperty('peers');
		expect(nats).not.toHaveProperty('monitor');
	});
});
