import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {consumerInfoSchema, streamInfoSchema} from '../../source/clients/nats/schema.ts';
import {configKeeper} from '../../source/records/config-keeper.ts';
import {
	readConfigs,
	rememberStream,
	type SavedConfigs,
	writeConfigs,
} from '../../source/records/saved-configs.ts';
import {emptyState, idleConsumer} from '../clients/nats/infos.ts';
import {tempPlace} from '../runbook/fixture.ts';

const stream = (name: string, config: object = {}) =>
	streamInfoSchema.parse({
		config: {name, subjects: [`${name}.>`], ...config},
		created: '',
		state: emptyState,
	});
const consumer = (name: string, config: object = {}) =>
	consumerInfoSchema.parse({
		...idleConsumer,
		stream_name: 'S',
		name,
		config: {durable_name: name, ack_policy: 'explicit', ...config},
	});
const none: SavedConfigs = {streams: {}};

describe('rememberStream', () => {
	it('keeps the whole configuration in the words of the server', () => {
		const saved = rememberStream(none, stream('S', {num_replicas: 3, max_age: 5}), [consumer('c')], 7);
		expect(saved.streams['S']).toMatchObject({
			seenAt: 7,
			config: {name: 'S', subjects: ['S.>'], num_replicas: 3, max_age: 5},
			consumers: {c: {durable_name: 'c', ack_policy: 'explicit'}},
		});
	});

	it('is the same object where nothing changed', () => {
		const saved = rememberStream(none, stream('S'), [consumer('c')], 1);
		expect(rememberStream(saved, stream('S'), [consumer('c')], 2)).toBe(saved);
		expect(rememberStream(saved, stream('S'), undefined, 2)).toBe(saved);
		expect(rememberStream(saved, stream('S', {max_age: 9}), [consumer('c')], 2)).not.toBe(saved);
	});

	it('keeps what has gone from the server, and what other streams have', () => {
		let saved = rememberStream(none, stream('A'), [consumer('a')], 1);
		saved = rememberStream(saved, stream('S'), [consumer('c'), consumer('d')], 1);
		saved = rememberStream(saved, stream('S', {max_age: 9}), [], 2);
		expect(Object.keys(saved.streams)).toEqual(['A', 'S']);
		expect(Object.keys(saved.streams['S']!.consumers)).toEqual(['c', 'd']);
		expect(saved.streams['S']!.config['max_age']).toBe(9);
	});

	it('takes no ephemeral consumer, which nobody could recreate', () => {
		const saved = rememberStream(none, stream('S'), [consumer('e', {durable_name: undefined})], 1);
		expect(saved.streams['S']!.consumers).toEqual({});
	});

	it('leaves out what the server adds itself', () => {
		const metadata = {'_nats.level': '3', '_nats.ver': '2.15', 'io.nats.monitor.lag-critical': '100'};
		const saved = rememberStream(
			none,
			stream('S', {metadata}),
			[consumer('c', {metadata: {'_nats.level': '3'}})],
			1,
		);
		expect(saved.streams['S']!.config['metadata']).toEqual({'io.nats.monitor.lag-critical': '100'});
		expect(saved.streams['S']!.consumers['c']).not.toHaveProperty('metadata');
	});
});

describe('the file of the configurations', () => {
	it('comes back as it was written', async () => {
		const {configs} = await tempPlace();
		const saved = rememberStream(none, stream('S'), [consumer('c')], 1);
		writeConfigs(configs, saved);
		expect(readConfigs(configs)).toEqual(JSON.parse(JSON.stringify(saved)));
	});

	it('is replaced whole or not at all', async () => {
		const {configs, root} = await tempPlace();
		writeConfigs(configs, rememberStream(none, stream('S'), [], 1));
		const before = readFileSync(configs, 'utf8');
		const loop: Record<string, unknown> = {};
		loop['self'] = loop;
		expect(() => writeConfigs(configs, {streams: {S: {seenAt: 1, config: loop, consumers: {}}}})).toThrow();
		expect(readFileSync(configs, 'utf8')).toBe(before);
		expect(readdirSync(root).sort()).toEqual(['backups', 'configs.json', 'identity.json', 'runs']);
	});

	it.each(['', '{', 'null', '[]', '5', '{"streams":null}', '{"streams":5}'])(
		'counts as none where it holds %j',
		async (text) => {
			const {configs} = await tempPlace();
			writeFileSync(configs, text);
			expect(readConfigs(configs)).toEqual(none);
		},
	);

	it('is written when something changed, and again when it could not be', async () => {
		const place = await tempPlace();
		const keeper = configKeeper(place);
		keeper.save();
		expect(readdirSync(place.root)).not.toContain('configs.json');
		keeper.remember(stream('S'), [consumer('c')]);
		// A folder in its place: the rename fails.
		mkdirSync(join(place.configs, 'x'), {recursive: true});
		keeper.save();
		const elsewhere = {...place, configs: `${place.configs}.2`};
		const second = configKeeper(elsewhere);
		second.remember(stream('S'), [consumer('c')]);
		second.save();
		expect(Object.keys(readConfigs(elsewhere.configs).streams)).toEqual(['S']);
	});
});

describe('the configurations of another server', () => {
	it('are not kept, nor those of one that is not known yet until it is', async () => {
		const place = await tempPlace();
		const keeper = configKeeper(place);
		keeper.remember(stream('S', {max_age: 1}), [consumer('c')]);
		keeper.save('pending');
		expect(readConfigs(place.configs)).toEqual(none);
		keeper.save(false);
		keeper.save();
		expect(readConfigs(place.configs)).toEqual(none);
		keeper.remember(stream('S', {max_age: 2}), [consumer('c')]);
		keeper.save(true);
		expect(readConfigs(place.configs).streams['S']?.config['max_age']).toBe(2);
	});
});
