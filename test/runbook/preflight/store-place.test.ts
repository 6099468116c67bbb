import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {checkStorePlaces, judgeStorePlace} from '../../../source/runbook/preflight/store-place.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import {container} from '../../state/fixture.ts';

const recreate = {
	service: 'titan-nats',
	does: 'recreate',
	attach: 'docker network connect --alias titan-nats titan_default titan-titan-nats-1',
} as const;
const restart = {service: 'titan-nats', does: 'restart'} as const;

describe('a container that is made again', () => {
	it.each([
		['volume', 'volume'],
		['anonymous volume', 'anonymous volume'],
		['bind', 'bind mount'],
	] as const)('keeps what is on a %s', (kind, words) => {
		expect(judgeStorePlace(recreate, {kind, folder: '/data'})).toEqual([
			{
				name: 'store of titan-nats',
				ok: true,
				evidence: `its streams are on a ${words}, which outlives the container`,
			},
		]);
	});

	it('would lose what is in its layer, so it is refused, with what to do', () => {
		const [check] = judgeStorePlace(recreate, {kind: 'layer', folder: '/var/lib/nats/jetstream'});
		expect(check?.ok).toBe(false);
		expect(check?.evidence).toMatch(/inside its container \(\/var\/lib\/nats\/jetstream\).*lose all of them/);
		expect(check?.evidence).toMatch(
			/docker network connect --alias titan-nats titan_default titan-titan-nats-1\..*jetmedic backup/,
		);
	});

	it('is refused where nobody knows', () => {
		const [check] = judgeStorePlace(recreate, {kind: 'unknown', why: 'the engine does not say'});
		expect(check).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(/^Could not confirm.*engine does not say/),
		});
	});
});

describe('a restart', () => {
	it('keeps the container with its layer, and loses a tmpfs', () => {
		expect(judgeStorePlace(restart, {kind: 'layer', folder: '/x'})).toEqual([]);
		expect(judgeStorePlace(restart, {kind: 'unknown'})).toEqual([]);
		expect(judgeStorePlace(restart, {kind: 'memory', folder: '/data'})).toMatchObject([{ok: false}]);
	});
});

describe('a tmpfs', () => {
	const place = {kind: 'memory', folder: '/data'} as const;

	it('is no reason to refuse where the server says that it holds nothing', () => {
		expect(judgeStorePlace(restart, {...place, heldBytes: 0, streams: 0})).toMatchObject([
			{ok: true, evidence: 'titan-nats keeps its streams on a tmpfs (/data), which holds 0 bytes'},
		]);
		expect(judgeStorePlace(restart, {...place, heldBytes: 0, streams: 2})).toMatchObject([
			{
				ok: true,
				evidence: expect.stringMatching(
					/a restart loses the configuration of 2 streams, with the consumers$/,
				),
			},
		]);
	});

	it('is refused where it holds something, or the server does not say', () => {
		expect(judgeStorePlace(restart, {...place, heldBytes: 1})).toMatchObject([{ok: false}]);
		const [check] = judgeStorePlace(restart, {kind: 'memory'});
		expect(check).toMatchObject({ok: false, evidence: expect.not.stringMatching(/undefined/)});
	});
});

describe('the servers that a runbook touches', () => {
	const check = async (server: Partial<ContainerFacts>, needs: {restarts: string[]; starts: string[]}) => {
		const deployment = {
			engine: {storePlace: async () => ({kind: 'layer', folder: '/var/lib/nats/jetstream'})},
		} as unknown as RunContext['deployment'];
		const config = titan;
		const services = [container('titan-nats', server), container('titan-brain')];
		const context = {deployment, config, signal: new AbortController().signal} as RunContext;
		const facts = {
			config,
			services: ['titan-nats', 'titan-brain'],
			toMake: {missing: [], detached: []},
			backupFolder: '',
		};
		return checkStorePlaces(context, services, facts, needs);
	};
	const cutOff = {networks: []};

	it('are refused where one that is cut off from its network would be made again', async () => {
		expect(await check(cutOff, {restarts: ['server'], starts: []})).toMatchObject([
			{
				ok: false,
				evidence: expect.stringMatching(
					/by hand: docker network connect --alias titan-nats titan_default titan-titan-nats-1\. /,
				),
			},
		]);
		expect(await check(cutOff, {restarts: [], starts: ['all']})).toMatchObject([{ok: false}]);
	});

	it('are not looked at where they stay, or only other services are touched', async () => {
		expect(await check({}, {restarts: ['server'], starts: []})).toEqual([]);
		expect(await check(cutOff, {restarts: ['titan-brain'], starts: []})).toEqual([]);
	});
});
