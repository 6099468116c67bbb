import {describe, expect, test} from 'vitest';
import type {Config} from '../../source/config/schema.ts';
import {type NatsConnections, natsUsers} from '../../source/state/nats-users.ts';
import type {ContainerFacts} from '../../source/state/observation.ts';
import {container, config as titan} from './fixture.ts';

const config: Config = {...titan, health: [], metrics: []};
const one = (service: string, address: string, changes: Partial<ContainerFacts> = {}): ContainerFacts =>
	container(service, {addresses: address === '' ? [] : [address], dependsOn: [], ...changes});
const read = (ips: string[], changes: Partial<NatsConnections> = {}): NatsConnections => ({
	connections: ips.map((ip) => ({ip, name: '', lang: 'go', account: '$G'})),
	peers: [],
	isWhole: true,
	...changes,
});
const project = [
	one('titan-nats', '172.18.0.2', {natsServer: true}),
	one('orders', '172.18.0.3'),
	one('postgres', '172.18.0.4'),
	one('traefik', '172.18.0.5'),
];
const names = (uses: {service: string}[]): string[] => uses.map(({service}) => service);

describe('the services that use NATS', () => {
	test('are those that are connected; a database and a proxy are left alone', () => {
		expect(natsUsers(project, config, read(['172.18.0.3', '172.18.0.3', '172.18.0.1']))).toEqual({
			uses: [{service: 'orders', why: 'it is connected'}],
			servers: ['titan-nats'],
			others: ['postgres', 'traefik'],
			outside: 1,
			viaHost: 0,
			isKnown: true,
		});
	});

	test('are also those that are not connected now and need the server', () => {
		const waiting = [...project, one('worker', '', {dependsOn: ['titan-nats'], status: 'restarting'})];
		const named = {...config, health: [{...titan.health[0]!, service: 'traefik'}]};
		const {uses} = natsUsers(waiting, named, read([]));
		expect(uses).toEqual([
			{service: 'traefik', why: 'the configuration names it'},
			{service: 'worker', why: 'it depends on the server'},
		]);
	});

	test('are never servers: of the cluster, of routes, or beside it', () => {
		const servers = [
			...project,
			one('nats-2', '172.18.0.6', {natsServer: true, dependsOn: ['titan-nats']}),
			one('nats-3', '172.18.0.7', {dependsOn: ['titan-nats']}),
		];
		// A leaf node and a server of another cluster are connected as clients are.
		const found = natsUsers(servers, config, read(['172.18.0.6', '172.18.0.7'], {peers: ['172.18.0.7']}));
		expect(found.servers).toEqual(['titan-nats', 'nats-2', 'nats-3']);
		expect(found.uses).toEqual([]);
	});

	test('are not told by this program’s own connections', () => {
		const agent = [...project, one('agent', '', {networks: ['host']})];
		const connections = ['172.18.0.1', '172.18.0.5'].map((ip) => ({
			ip,
			name: 'jetmedic',
			lang: '',
			account: '',
		}));
		expect(natsUsers(agent, config, read([], {connections}))).toMatchObject({
			uses: [],
			outside: 0,
			isKnown: true,
		});
	});

	test('are not known where somebody comes through a port of the host', () => {
		const behind = project.map((each) => ({...each, gateways: ['172.18.0.1']}));
		expect(natsUsers(behind, config, read(['172.18.0.3', '172.18.0.1', '10.1.2.3']))).toMatchObject({
			outside: 2,
			viaHost: 1,
			isKnown: false,
		});
		// From another host it shows its own address.
		expect(natsUsers(behind, config, read(['172.18.0.3', '10.1.2.3']))).toMatchObject({
			outside: 1,
			viaHost: 0,
			isKnown: true,
		});
	});

	test('are those in the network of another one, or of the host', () => {
		const sharing = [
			...project,
			one('sidecar', '', {networks: ['container:orders-id']}),
			one('agent', '', {networks: ['host']}),
		];
		expect(names(natsUsers(sharing, config, read(['172.18.0.3'])).uses)).toEqual(['orders', 'sidecar']);
		expect(names(natsUsers(sharing, config, read(['172.18.0.3', '172.18.0.1'])).uses)).toEqual([
			'orders',
			'sidecar',
			'agent',
		]);
	});

	test('are not known for certain where nobody could be asked, or not all were read', () => {
		expect(natsUsers(project, config, undefined).isKnown).toBe(false);
		expect(natsUsers(project, config, read(['172.18.0.3'], {isWhole: false})).isKnown).toBe(false);
	});

	test('is one that has several containers, of which one is connected', () => {
		const scaled = [...project, one('orders', '172.18.0.9')];
		expect(names(natsUsers(scaled, config, read(['172.18.0.9'])).uses)).toEqual(['orders']);
	});
});
