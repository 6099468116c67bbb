import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {memoryKeeper, readMemory, rememberedForMs} from '../../source/records/memory.ts';
import {makePlace, type Place, placeAt} from '../../source/records/place.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {plainProject} from '../../source/state/project.ts';
import type {DeploymentState} from '../../source/state/types.ts';
import {tempFolder} from '../config/temp.ts';
import {
	consumer,
	container,
	now,
	observe,
	server,
	start,
	stream,
	streams,
	url,
	well,
} from '../state/fixture.ts';

const place = async (): Promise<Place> => placeAt(join(await tempFolder(), 'titan'));
const known = (): DeploymentState => well();
const names = (where: Place, at = now) => readMemory(where, at).streams.map(({name}) => name);

describe('what is remembered between two starts', () => {
	test('is read back, not present and marked', async () => {
		const where = await place();
		memoryKeeper(where).save(known());
		const [remembered] = readMemory(where, now).streams;
		expect(remembered).toMatchObject({
			name: 'TITAN_INTENTS',
			present: false,
			remembered: true,
			lastSeq: 5000,
			messages: 5000,
		});
		expect(remembered?.consumers['execution-consumer']).toMatchObject({
			present: false,
			ackFloorStreamSeq: 4997,
		});
	});

	describe('of services', () => {
		const seenNow = (...observations: Observation[]) => observe(start(now), ...observations);
		const list = (...containers: ContainerFacts[]): Observation => ({
			kind: 'containers',
			containers,
			at: now,
		});

		test('is those that had a container, also before NATS answered, and without jobs', async () => {
			const where = await place();
			const job = container('migrate', {mayEnd: true});
			const second = container('worker-2', {composeService: 'worker', number: 2});
			memoryKeeper(where).save(seenNow(list(second, container('api'), job)));
			expect(readMemory(where, now)).toMatchObject({streams: [], services: ['api', 'worker']});
		});

		test('lasts while the container is gone, and beside the streams', async () => {
			const where = await place();
			memoryKeeper(where).save(known());
			const before = readMemory(where, now);
			expect(before.services).toContain('titan-brain');
			// Another console, while NATS does not answer: the streams that the first one saw stay known.
			memoryKeeper(where).save(seenNow({kind: 'memory', ...before, at: now}, list(container('worker'))));
			const after = readMemory(where, now);
			expect(after.streams).toEqual(before.streams);
			expect(after.services).toEqual([...before.services, 'worker'].sort());
		});

		test('is nothing of several projects of one name', async () => {
			const where = await place();
			const parts = ['/a', '/b'].map((workingDir) => ({workingDir, files: [], services: []}));
			const project = {...plainProject, parts};
			memoryKeeper(where).save(
				seenNow({kind: 'containers', containers: [container('api')], project, at: now}),
			);
			expect(readMemory(where, now).services).toEqual([]);
		});

		test('is bounded, and without control characters', async () => {
			const where = await place();
			const text = (services: unknown) => JSON.stringify({streams: [], usual: {}, services});
			makePlace(where);
			writeFileSync(where.memory, text(['a\u001b[31mb']));
			expect(readMemory(where, now).services[0]).not.toMatch(/\u001b/);
			for (const damage of [3, [null], Array(5000).fill('x')]) {
				writeFileSync(where.memory, text(damage));
				expect(readMemory(where, now).services).toEqual([]);
			}
		});
	});

	test('is only of durable consumers', async () => {
		const where = await place();
		const seen = observe(
			well(),
			streams(now, stream({consumers: [consumer(), consumer({name: 'tail', durable: false})]})),
		);
		memoryKeeper(where).save(seen);
		expect(Object.keys(readMemory(where, now).streams[0]?.consumers ?? {})).toEqual(['execution-consumer']);
	});

	test('is forgotten after a day', async () => {
		const where = await place();
		memoryKeeper(where).save(known());
		expect(names(where, now + rememberedForMs - 60_000)).toEqual(['TITAN_INTENTS']);
		expect(names(where, now + rememberedForMs + 60_000)).toEqual([]);
	});

	test.each(['', '{', '[]', '{"streams":3}', '{"streams":[null,{"name":"X"}]}'])(
		'is nothing where the file holds %j',
		async (text) => {
			const where = await place();
			makePlace(where);
			writeFileSync(where.memory, text);
			expect(names(where)).toEqual([]);
		},
	);

	test('is no more than names without control characters', async () => {
		const where = await place();
		memoryKeeper(where).save(known());
		const text = readFileSync(where.memory, 'utf8').replace('"TITAN_INTENTS"', '"A\\u001b[31mB"');
		writeFileSync(where.memory, text);
		expect(names(where)[0]).not.toMatch(/\u001b/);
	});

	test('is written at once where something happened, and else now and then', async () => {
		const where = await place();
		const keeper = memoryKeeper(where);
		const read = () => readMemory(where, now).streams[0];
		keeper.keep(known());
		const moved = observe(well(), streams(now + 1000, stream({lastSeq: 5010, messages: 5010})));
		keeper.keep(moved);
		expect(read()?.lastSeq).toBe(5000);
		const purged = observe(well(), streams(now + 1000, stream({messages: 10, firstSeq: 4991})));
		keeper.keep(purged);
		expect(read()?.removed).toEqual({at: now + 1000, messages: 4990});
	});

	test('is written at once where a consumer is gone: where it stopped is what a recreation goes on from', async () => {
		const where = await place();
		const keeper = memoryKeeper(where);
		const moved = observe(well(), streams(now, stream({consumers: [consumer({ackFloorStreamSeq: 4990})]})));
		keeper.keep(well());
		keeper.keep(moved);
		keeper.keep(observe(moved, streams(now + 1000, stream({consumers: []}))));
		const [remembered] = readMemory(where, now).streams;
		expect(remembered?.consumers['execution-consumer']?.ackFloorStreamSeq).toBe(4990);
	});

	test('is what is usual in the logs, too', async () => {
		const where = await place();
		const usual = {'titan-brain': {since: now, minutes: 90, counts: {timeout: 1}, perMinute: {timeout: 2.5}}};
		memoryKeeper(where).save({...known(), logs: {...known().logs, usual}});
		const {usual: read} = readMemory(where, now);
		expect(read).toEqual({'titan-brain': {minutes: 90, perMinute: {timeout: 2.5}}});
		expect(observe(well(), {kind: 'memory', streams: [], usual: read, at: now}).logs.usual).toEqual({
			'titan-brain': {since: now, minutes: 90, counts: {}, perMinute: {timeout: 2.5}},
		});
	});

	test('is nothing of another server, nor of one that is not known yet', async () => {
		const where = await place();
		const answer = (is: 'same' | 'other') => ({
			address: '127.0.0.1:4222',
			serverId: 'NA',
			serverName: 'a',
			port: 'url' as const,
			service: 'titan-nats',
			is,
			why: 'why',
		});
		const nats = {...known().nats, server: {...server, id: 'NA'}};
		memoryKeeper(where).save({...known(), nats});
		expect(names(where)).toEqual([]);
		memoryKeeper(where).save({...known(), nats: {...nats, identity: {at: now, answers: [answer('other')]}}});
		expect(names(where)).toEqual([]);
		memoryKeeper(where).save({...known(), nats: {...nats, identity: {at: now, answers: [answer('same')]}}});
		expect(names(where)).toEqual(['TITAN_INTENTS']);
	});

	test('carries what it was seen of, and the limits that it had', async () => {
		const where = await place();
		const created = now - 1000;
		const seen = observe(
			well(),
			{kind: 'connection', status: 'connected', url, server: {...server, cluster: 'prod'}, at: now},
			streams(
				now,
				stream({created, maxAgeMs: 5000, discard: 'new', consumers: [consumer({created: created + 1})]}),
			),
		);
		memoryKeeper(where).save(seen);
		const [read] = readMemory(where, now).streams;
		expect(read).toMatchObject({created, readFrom: 'cluster prod', maxAgeMs: 5000, discard: 'new'});
		expect(read?.consumers['execution-consumer']?.created).toBe(created + 1);
	});

	test('nothing is written before anything is known', async () => {
		const where = await place();
		memoryKeeper(where).save(start(now));
		expect(() => readFileSync(where.memory)).toThrow();
	});
});
