import {describe, expect, test} from 'vitest';
import type {Observation} from '../../source/state/observation.ts';
import type {ServerAnswer} from '../../source/state/server-answer.ts';
import type {StorePlace} from '../../source/state/store-place.ts';
import {container, exited, now, server, stream, streams, url} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

const neighbour: Observation = {
	kind: 'connection',
	status: 'connected',
	url,
	server: {...server, name: 'neighbour', id: 'NB'},
	at: now,
};
const identity = (changes: Partial<ServerAnswer> = {}): Observation => ({
	kind: 'identity',
	answers: [
		{
			address: '127.0.0.1:4222',
			serverId: 'NB',
			serverName: 'neighbour',
			port: 'url',
			service: 'titan-nats',
			is: 'other',
			why: 'neighbour (NB) answers, titan-nats is exited',
			...changes,
		},
	],
	at: now,
});
const id = 'server-impostor:titan-nats';

describe('another server that answers', () => {
	test('is told first, with both', () => {
		expect(symptom(id, [neighbour, identity()])).toMatchObject({
			severity: 'critical',
			title: '4222 is answered by another server',
			evidence: 'neighbour (NB) answers, titan-nats is exited',
		});
	});

	test('explains what is read of it, so that no runbook is offered', () => {
		const full = streams(now + 1, stream({bytes: 64 << 20}));
		const seen = [neighbour, identity(), full, container1('titan-nats', exited)];
		expect(ids(seen)).toEqual(
			expect.arrayContaining([id, `nats-down < ${id}`, `stream-full:TITAN_INTENTS < ${id}`]),
		);
		expect(symptom('stream-full:TITAN_INTENTS', seen)?.runbook).toBeUndefined();
		expect(symptom('nats-down', seen)?.runbook).toBeUndefined();
	});

	test('is none where it is the own one, where nobody knows, or once another connection was made', () => {
		expect(ids([neighbour, identity({is: 'same'})])).toEqual([]);
		expect(ids([neighbour, identity({is: 'unknown'})])).toEqual([]);
		const back: Observation = {...neighbour, server: {...server, id: 'NA'}};
		expect(ids([neighbour, identity(), back])).toEqual([]);
	});

	test('is one finding where the server has no container: another one, or one that is not known', () => {
		const removed: Observation = {kind: 'containers', containers: [container('titan-brain')], at: now};
		const of = (is: ServerAnswer['is']) =>
			ids([neighbour, removed, identity({is})]).filter((one) => /server-impostor|:titan-nats/.test(one));
		expect(of('other')).toEqual([id]);
		expect(of('unknown')).toEqual(['container-down:titan-nats']);
		expect(
			symptom('container-down:titan-nats', [neighbour, removed, identity({is: 'unknown'})]),
		).toMatchObject({
			severity: 'warning',
			advice:
				'correct nats.service or docker.project in the configuration, unless NATS runs outside this project',
		});
	});

	test('at the monitoring port leaves the findings about streams alone', () => {
		const own: Observation = {...neighbour, server: {...server, id: 'NA'}};
		const monitor = identity({port: 'monitor', address: '127.0.0.1:8222'});
		const full = streams(now + 1, stream({bytes: 64 << 20}));
		expect(ids([own, monitor, full])).toEqual([`${id}/monitor`, 'stream-full:TITAN_INTENTS']);
	});
});

describe('a server that keeps its streams inside its container', () => {
	const place = (kind: StorePlace['kind'], folder = '/var/lib/nats/jetstream'): Observation => ({
		kind: 'store',
		service: 'titan-nats',
		place: {kind, folder},
		at: now,
	});

	test('is told before they are lost', () => {
		expect(symptom('store-in-container:titan-nats', [place('layer')])).toMatchObject({
			severity: 'warning',
			title: 'titan-nats keeps its streams inside its container',
			evidence:
				'its store_dir /var/lib/nats/jetstream is on no volume: recreating the container loses all streams',
		});
		expect(symptom('store-in-container:titan-nats', [place('memory')])?.title).toBe(
			'titan-nats keeps its streams in memory',
		);
	});

	test('is attached by hand where it is cut off from its network: a restart would recreate it', () => {
		const cutOff = container1('titan-nats', {networks: []});
		const id = 'container-detached:titan-nats';
		expect(symptom(id, [place('layer'), cutOff])).toMatchObject({
			advice: expect.stringMatching(
				/^docker network connect --alias titan-nats titan_default titan-titan-nats-1; /,
			),
		});
		expect(symptom(id, [place('layer'), cutOff])?.runbook).toBeUndefined();
		expect(symptom(id, [place('volume'), cutOff])?.runbook).toBe('restart');
	});

	test('is none on a volume, where nobody knows, and where the container is gone', () => {
		expect(ids([place('volume')])).toEqual([]);
		expect(ids([place('anonymous volume')])).toEqual([]);
		expect(ids([place('bind')])).toEqual([]);
		expect(ids([place('unknown')])).toEqual([]);
		// What was known stays known while the server is silent.
		expect(ids([place('layer'), place('unknown')])).toEqual(['store-in-container:titan-nats']);
	});
});
