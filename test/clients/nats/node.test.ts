import {describe, expect, it} from 'vitest';
import {readNode} from '../../../source/clients/nats/node.ts';
import {
	consumerInfoSchema,
	streamInfoSchema,
	toConsumerFacts,
	toStreamFacts,
} from '../../../source/clients/nats/schema.ts';
import {httpServer, nobody} from '../server.ts';
import {emptyState, idleConsumer} from './infos.ts';

// GET /varz, /routez and /jsz?streams=1 of nats-server 2.15.1, the leader of three.
const pages: Record<string, unknown> = {
	'/varz': {
		server_id: 'NCGKG7',
		server_name: 'n1',
		version: '2.15.1',
		start: '2026-11-25T16:17:04.182Z',
		cluster: {name: 'C3', addr: '127.0.0.1', cluster_port: 16_221},
		connections: 3,
	},
	'/routez': {
		num_routes: 8,
		routes: [
			{rid: 12, remote_id: 'NCZAI2', remote_name: 'n3', did_solicit: true},
			{rid: 17, remote_id: 'NCZAI2', remote_name: 'n3'},
			{rid: 18, remote_id: 'NCQWS5', remote_name: 'n2'},
			// 2.9 gives no names.
			{rid: 19, remote_id: 'NCOLD'},
		],
	},
	'/jsz?streams=1': {
		memory: 0,
		storage: 1260,
		streams: 2,
		config: {max_storage: 1_073_741_824},
		meta_cluster: {
			name: 'C3',
			leader: 'n1',
			cluster_size: 3,
			pending: 0,
			replicas: [
				{name: 'n2', current: true, active: 1_056_044_110, peer: '44jzkV9D'},
				{name: 'n3', current: false, offline: true, active: 260, lag: 12, peer: 'BXScrY9i'},
			],
		},
		account_details: [
			{
				name: '$G',
				stream_detail: [
					{
						name: 'ORDERS',
						cluster: {name: 'C3', leader: 'n2', replicas: [{name: 'n2', current: true}]},
						state: {messages: 322, first_seq: 1, last_seq: 322},
					},
					{name: 'SOLO', state: {messages: 1, first_seq: 5, last_seq: 5}},
				],
			},
		],
	},
};

const serve = (given: Record<string, unknown>) =>
	httpServer((request, response) => {
		const page = given[request.url ?? ''];
		response.end(typeof page === 'string' ? page : JSON.stringify(page));
	});

describe('readNode', () => {
	it('reads what a server says of itself and of the cluster', async () => {
		const {view, varz, jsz} = await readNode(await serve(pages));
		expect(view).toEqual({
			serverName: 'n1',
			serverId: 'NCGKG7',
			clusterName: 'C3',
			version: '2.15.1',
			startedAt: Date.parse('2026-11-25T16:17:04.182Z'),
			routes: ['NCOLD', 'n2', 'n3'],
			meta: {
				leader: 'n1',
				size: 3,
				pending: 0,
				replicas: [
					{name: 'n2', current: true, offline: false, activeMs: 1057, lag: 0},
					{name: 'n3', current: false, offline: true, activeMs: 1, lag: 12},
				],
			},
			streams: {
				'$G > ORDERS': {leader: 'n2', firstSeq: 1, lastSeq: 322, messages: 322},
				'$G > SOLO': {firstSeq: 5, lastSeq: 5, messages: 1},
			},
		});
		expect(varz).toMatchObject({serverName: 'n1', connections: 3});
		expect(jsz).toMatchObject({enabled: true, storageBytes: 1260, maxStorageBytes: 1_073_741_824});
	});

	it('reads a server that is alone, without JetStream', async () => {
		const bare = {'/varz': {server_name: 'n1'}, '/routez': {routes: []}, '/jsz?streams=1': {disabled: true}};
		const {view, jsz} = await readNode(await serve(bare));
		expect(view).toMatchObject({clusterName: '', routes: [], streams: {}});
		expect(view).not.toHaveProperty('meta');
		expect(jsz.enabled).toBe(false);
	});

	it('takes nothing from a hostile answer but what it can read, without terminal sequences', async () => {
		const hostile = {
			'/varz': {server_name: 'n\u001B[31m1', server_id: 5, version: ['x'], cluster: 'C3', start: 'never'},
			'/routez': {routes: 'none'},
			'/jsz?streams=1': {
				memory: 0,
				storage: 0,
				meta_cluster: {leader: 'n\u202E2', cluster_size: '3', replicas: [5, {name: 'n2', active: 'x'}]},
				account_details: [{name: '__proto__', stream_detail: [null, {name: 5}, {name: 'S', state: {}}]}],
			},
		};
		const {view} = await readNode(await serve(hostile));
		expect(view).toMatchObject({
			serverName: 'n1',
			serverId: '',
			version: '',
			clusterName: '',
			routes: [],
			meta: {leader: 'n2', size: 0, replicas: [{name: 'n2', current: false, activeMs: 0}]},
			streams: {'__proto__ > S': {lastSeq: 0}},
		});
	});

	it('fails where there is no answer, or none that is one', async () => {
		await expect(readNode(await nobody())).rejects.toThrow('connection refused');
		await expect(readNode(await httpServer(() => {}), undefined, 100)).rejects.toThrow('no answer in 0.1 s');
		await expect(readNode(await serve({...pages, '/jsz?streams=1': 'oops'}))).rejects.toThrow();
	});
});

describe('the cluster of an info', () => {
	const info = {
		config: {name: 'ORDERS', num_replicas: 3},
		state: emptyState,
		cluster: {name: 'C3', leader: 'n2', replicas: [{name: 'n1', current: true, active: 260_086}]},
	};

	it('becomes who keeps it', () => {
		expect(toStreamFacts(streamInfoSchema.parse(info), [], ['lone'])).toMatchObject({
			numReplicas: 3,
			cluster: {
				leader: 'n2',
				replicas: [{name: 'n1', current: true, offline: false, activeMs: 1, lag: 0}],
			},
			missingConsumers: ['lone'],
		});
		const consumer = {...idleConsumer, stream_name: 'ORDERS', name: 'w', cluster: {leader: ''}};
		expect(toConsumerFacts(consumerInfoSchema.parse(consumer)).cluster).toEqual({replicas: []});
	});

	it('is none where the server is alone, or where it is nonsense', () => {
		for (const cluster of [undefined, null, 5]) {
			const facts = toStreamFacts(streamInfoSchema.parse({...info, cluster}));
			expect(facts).not.toHaveProperty('cluster');
			expect(facts).not.toHaveProperty('numReplicas');
		}
		const odd = streamInfoSchema.parse({
			...info,
			cluster: {leader: 5, replicas: [null, {name: 'n1', lag: 'x'}]},
		});
		expect(toStreamFacts(odd).cluster?.replicas).toEqual([
			{name: 'n1', current: false, offline: false, activeMs: 0, lag: 0},
		]);
	});
});
