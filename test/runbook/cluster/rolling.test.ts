import {describe, expect, test} from 'vitest';
import type {PlanFacts} from '../../../source/runbook/step.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {fakeCluster} from './cluster.ts';

type Cluster = Awaited<ReturnType<typeof fakeCluster>>;

const factsOf = ({config, names}: Cluster): PlanFacts => ({
	config,
	services: [...names, 'titan-brain'],
	toMake: {missing: [], detached: []},
	backupFolder: '/backups',
});
const restart = (cluster: Cluster, named: string | string[] = 'server') =>
	restartServicesStep(named).run(cluster.context, factsOf(cluster));
const touched = ({done}: Cluster) => done.filter((line) => /^(restart|start|unpause) /.test(line));

describe('the servers of a cluster are restarted', () => {
	test('one at a time, the leader last, each announced and confirmed before', async () => {
		const cluster = await fakeCluster();
		expect(await restart(cluster)).toBe('titan-nats, titan-nats-3, titan-nats-2, one at a time');
		expect(cluster.done).toEqual(
			['titan-nats', 'titan-nats-3', 'titan-nats-2'].flatMap((name) => [
				'confirm',
				`stopping ${name}`,
				'confirm',
				`restart ${name}`,
				`restored ${name}`,
			]),
		);
	});

	test('the next only once the one before is current', async () => {
		const cluster = await fakeCluster();
		const {control} = cluster.context;
		const behind = {
			status: 'running',
			healthz: {error: 'JetStream is not current with the meta leader'},
		} as const;
		const original = control.restart;
		control.restart = async (name: string) => {
			await original(name);
			cluster.servers.set(name, {...cluster.servers.get(name)!, ...behind});
			setTimeout(() => {
				cluster.done.push(`${name} is current`);
				cluster.servers.set(name, {...cluster.servers.get(name)!, healthz: 'ok'});
			}, 400);
		};
		await restart(cluster, ['titan-nats', 'titan-nats-3']);
		const lines = cluster.done.filter((line) => /^restart|current$/.test(line));
		expect(lines).toEqual([
			'restart titan-nats',
			'titan-nats is current',
			'restart titan-nats-3',
			'titan-nats-3 is current',
		]);
	});

	test.each([
		['exited', {status: 'exited'}, 'is down'],
		['hung', {healthz: 'silent'}, 'does not answer'],
		['unhealthy', {healthz: {error: 'no space left on device'}}, 'is unhealthy'],
		[
			'cut off',
			{healthz: {error: 'JetStream has not established contact with a meta leader'}, leader: undefined},
			'is cut off from the others',
		],
	] as const)('only those that are not well, where one is %s', async (_, change, words) => {
		const cluster = await fakeCluster({'titan-nats-3': {...change, startedAt: 1}});
		expect(await restart(cluster)).toBe(
			`titan-nats-3 ${words}: started, and current again; titan-nats, titan-nats-2 left alone: they are well`,
		);
		expect(touched(cluster)).toEqual(['restart titan-nats-3']);
	});

	test('a paused one is thawed first; two that are down both before one is waited for', async () => {
		const cluster = await fakeCluster({
			'titan-nats-2': {status: 'exited'},
			'titan-nats-3': {status: 'paused'},
			'titan-nats': {
				healthz: {error: 'JetStream has not established contact with a meta leader'},
				leader: undefined,
			},
		});
		const {control} = cluster.context;
		const original = control.restart;
		control.restart = async (name: string) => {
			await original(name);
			cluster.servers.set('titan-nats', {
				...cluster.servers.get('titan-nats')!,
				healthz: 'ok',
				leader: 'titan-nats',
			});
		};
		await restart(cluster);
		expect(touched(cluster)).toEqual([
			'restart titan-nats-2',
			'unpause titan-nats-3',
			'restart titan-nats-3',
		]);
	});

	test('those that may still have a vote one at a time, though all of them are unwell', async () => {
		const full = {healthz: {error: 'no space left on device'}, startedAt: 1} as const;
		const cluster = await fakeCluster({'titan-nats': full, 'titan-nats-2': full, 'titan-nats-3': full});
		const {control} = cluster.context;
		const original = control.restart;
		control.restart = async (name: string) => {
			await original(name);
			cluster.servers.set(name, {...cluster.servers.get(name)!, healthz: 'silent'});
			setTimeout(() => {
				cluster.done.push(`${name} is back`);
				cluster.servers.set(name, {...cluster.servers.get(name)!, healthz: 'ok'});
			}, 400);
		};
		await restart(cluster);
		expect(cluster.done.filter((line) => /^restart|back$/.test(line))).toEqual(
			['titan-nats', 'titan-nats-2', 'titan-nats-3'].flatMap((name) => [
				`restart ${name}`,
				`${name} is back`,
			]),
		);
	});

	test('not at all where one is booting: it is waited for', async () => {
		const cluster = await fakeCluster({
			'titan-nats-3': {healthz: {error: 'nats server: failed to be ready for connections'}},
		});
		setTimeout(
			() => cluster.servers.set('titan-nats-3', {...cluster.servers.get('titan-nats-3')!, healthz: 'ok'}),
			300,
		);
		expect(await restart(cluster)).toContain('titan-nats-3 is booting: waited for, not restarted');
		expect(touched(cluster)).toEqual([]);
	});

	test('not one alone where another one is down', async () => {
		const cluster = await fakeCluster({'titan-nats-3': {status: 'exited'}});
		await expect(restart(cluster, 'titan-nats')).rejects.toThrow(
			'titan-nats-3 is down: a restart of titan-nats would cost the cluster its majority. Start titan-nats-3 first. Nothing was restarted.',
		);
		expect(cluster.done).toEqual([]);
	});

	test('not the next one after an abort', async () => {
		const cluster = await fakeCluster();
		const {control} = cluster.context;
		const original = control.restart;
		control.restart = async (name: string) => {
			await original(name);
			cluster.abort();
		};
		await expect(restart(cluster)).rejects.toThrow();
		expect(touched(cluster)).toEqual(['restart titan-nats']);
	});
});
