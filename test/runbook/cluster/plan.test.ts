import {describe, expect, test} from 'vitest';
import {readStore} from '../../../source/clients/nats/monitor.ts';
import {builtInRunbooks} from '../../../source/config/built-in-runbooks.ts';
import {toRunState} from '../../../source/records/run-state.ts';
import {compile} from '../../../source/runbook/compile.ts';
import {checkCluster} from '../../../source/runbook/preflight/cluster.ts';
import {judgeStream} from '../../../source/runbook/preflight/stream.ts';
import {resumeRunbook} from '../../../source/runbook/resume.ts';
import {type PlanFacts, servicesOf} from '../../../source/runbook/step.ts';
import {config, replica, replicated} from '../../state/cluster-fixture.ts';
import {started} from '../fixture.ts';
import {needs} from '../preflight/needs.ts';
import {fakeCluster} from './cluster.ts';

const nodes = ['titan-nats', 'titan-nats-2', 'titan-nats-3'];
const facts: PlanFacts = {
	config,
	services: [...nodes, 'titan-brain', 'titan-execution'],
	toMake: {missing: [], detached: []},
	backupFolder: '/b',
};

describe('the words of a runbook on a cluster', () => {
	test('server is all of them, clients are none of them', () => {
		expect(servicesOf('server', facts)).toEqual(nodes);
		expect(servicesOf('clients', facts)).toEqual(['titan-brain', 'titan-execution']);
		expect(servicesOf('all', facts)).toEqual(facts.services);
	});

	test('full recovery stops no server', () => {
		const recover = compile(builtInRunbooks[2]!, config);
		const stop = recover.steps.find(({id}) => id === 'stop');
		expect(stop?.describe(facts)).toBe('titan-brain, titan-execution');
		expect(stop?.command?.(facts)).not.toContain('nats');
	});

	test('restart says that they go one at a time', () => {
		const restart = compile(builtInRunbooks[0]!, config);
		expect(restart.title).toBe('restart the 3 servers');
		expect(restart.needs).toMatchObject({restartsServer: true, restarts: ['server']});
		const step = restart.steps.find(({id}) => id === 'restart');
		expect(step?.title(facts)).toBe('restart the 3 servers, one at a time');
		expect(step?.command?.(facts)).toBe(
			nodes.map((name) => `docker compose -p titan restart ${name}`).join('; '),
		);
		const own = compile({id: 'own', title: 'own', steps: [{restart: 'titan-nats-3'}]}, config);
		expect(own.needs).toMatchObject({restartsServer: true, restartsFirst: true});
	});

	test('a killed run is finished by starting every server', () => {
		const run = toRunState([started({pid: 1 << 30})])!;
		const start = resumeRunbook(run, config).steps.find(({id}) => id === 'start');
		expect(start?.describe(facts)).toBe(nodes.join(', '));
	});
});

describe('the preflight on a cluster', () => {
	const check = async (cluster: Awaited<ReturnType<typeof fakeCluster>>, wanted = needs({purge: 1000})) => {
		const {deployment} = cluster.context;
		const engine = {
			...deployment.engine,
			storeDisk: async () => ({unknown: 'the engine is on another host'}),
		};
		const server = {...deployment.server, store: readStore};
		const context = {...cluster.context, deployment: {...deployment, engine, server}} as never;
		return checkCluster(context, wanted, {...facts, config: cluster.config});
	};

	test('judges the cluster, and the store of each server that works', async () => {
		const checks = await check(await fakeCluster({'titan-nats': {status: 'exited'}}));
		expect(checks.map(({name, ok}) => `${name} ${ok}`)).toEqual([
			'cluster true',
			'store of titan-nats-2 true',
			'store of titan-nats-3 true',
		]);
	});

	test('refuses a purge without a majority', async () => {
		const down = {status: 'exited'} as const;
		const checks = await check(await fakeCluster({'titan-nats-2': down, 'titan-nats-3': down}));
		expect(checks[0]).toMatchObject({name: 'cluster', ok: false});
	});

	test('refuses where one of the servers met a full disk', async () => {
		const checks = await check(
			await fakeCluster({'titan-nats-3': {healthz: {error: 'write: no space left on device'}}}),
		);
		expect(checks.filter(({ok}) => !ok)).toEqual([
			{
				name: 'store of titan-nats-3',
				ok: false,
				evidence: expect.stringMatching(/^titan-nats-3: The server says that the disk of its store is full/),
			},
		]);
	});

	test('asks nothing of the cluster where no server is touched', async () => {
		const checks = await check(
			await fakeCluster(),
			needs({restarts: ['titan-brain'], starts: ['titan-brain']}),
		);
		expect(checks).toEqual([]);
	});

	test('refuses a stream without a leader, and consumers that nobody answers for', () => {
		expect(judgeStream(replicated())).toMatchObject({ok: true});
		expect(judgeStream(replicated({cluster: {replicas: [replica('b')]}}))).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(/^TITAN_INTENTS has no leader/),
		});
		expect(judgeStream(replicated(), ['execution-consumer'])).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(
				/^Nobody answers for execution-consumer, .* from it\. Start the servers that keep it/,
			),
		});
	});
});
