import {describe, expect, test} from 'vitest';
import {containerCount} from '../../source/commands/check-formats/checked.ts';
import {judgeProject} from '../../source/runbook/preflight/impostors.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {type NamedContainer, type ProjectFacts, plainProject} from '../../source/state/project.ts';
import {isDoneJob, replicasOf, wasStoppedByHand} from '../../source/state/service.ts';
import {config, container, exited, now, observe, run, services, well} from '../state/fixture.ts';
import {ids, lasting, symptom} from './fixture.ts';

const named = (containerName: string, changes: Partial<NamedContainer> = {}): NamedContainer => ({
	containerId: `${containerName}-0123456789abcdef`,
	containerName,
	image: 'evil:1',
	status: 'running',
	service: 'titan-nats',
	...changes,
});
const all = services.map((service) => container(service));
const seen = (project: Partial<ProjectFacts>, containers: ContainerFacts[] = all, at = now): Observation => ({
	kind: 'containers',
	containers,
	project: {...plainProject, ...project},
	at,
});
const twice = {service: 'titan-nats', number: '1', containers: [named('a'), named('b', {status: 'created'})]};
const parts = [
	{workingDir: '/srv/a', files: ['/srv/a/c.yml'], services: ['api']},
	{workingDir: '/srv/b', files: ['/srv/b/c.yml'], services: ['web', 'worker']},
];

describe('containers that are not what they seem', () => {
	test('an impostor is named, and is no service', () => {
		const project = {impostors: [named('decoy')]};
		expect(symptom('container-impostor:decoy', [seen(project)])).toMatchObject({
			severity: 'warning',
			title: 'decoy only looks like titan-nats',
			evidence:
				'container decoy (decoy-012345, running) has the labels of titan-nats, but they come from its image evil:1',
		});
		expect(judgeProject({...plainProject, ...project}, 'titan')).toEqual([
			{name: expect.any(String), ok: true, evidence: expect.stringContaining('left alone: decoy')},
		]);
	});

	test('two for one number are critical, both are named, and no run begins', () => {
		expect(symptom('container-duplicate:titan-nats', [seen({duplicates: [twice]})])).toMatchObject({
			severity: 'critical',
			title: '2 containers are titan-nats',
			evidence: 'a (a-0123456789, running) and b (b-0123456789, created)',
		});
		expect(judgeProject({...plainProject, duplicates: [twice]}, 'titan')).toEqual([
			{
				name: 'one container of titan-nats',
				ok: false,
				evidence: expect.stringMatching(
					/^a \(a-0123456789, running\) and b \(.*a run cannot tell them apart/,
				),
			},
		]);
	});

	test('what Compose replaces is a finding only where it lasts', () => {
		const project = {duplicates: [{...twice, isReplaced: true as const}]};
		const at = (second: number) => [seen(project, all, now + second * 1000)];
		expect(lasting([at(0), at(10)]).map(({id}) => id)).not.toContain('container-duplicate:titan-nats');
		expect(lasting([at(0), at(10), at(31)]).map(({id}) => id)).toContain('container-duplicate:titan-nats');
	});

	test('several projects of one name are critical until one is chosen', () => {
		expect(symptom('project-ambiguous', [seen({parts})])).toMatchObject({
			severity: 'critical',
			title: '2 projects are called titan',
			evidence: '/srv/a (api); /srv/b (web, worker)',
		});
		expect(judgeProject({...plainProject, parts}, 'titan')).toEqual([
			{name: 'one project', ok: false, evidence: expect.stringContaining('docker.workingDir')},
		]);
		const chosen = {parts, chosen: parts[0]!};
		expect(ids([seen(chosen)])).toEqual([]);
		expect(judgeProject({...plainProject, ...chosen}, 'titan')).toEqual([]);
	});

	test('one project with nothing beside it is none of these', () => {
		const plain = {parts: parts.slice(0, 1), oneOffs: [named('x')]};
		expect(ids([seen(plain)])).toEqual([]);
		expect(judgeProject({...plainProject, ...plain}, 'titan')).toEqual([]);
	});
});

describe('a job', () => {
	const done = {...exited, exitCode: 0, mayEnd: true as const, finishedAt: now - 5000};

	test('that is done is no finding and is not counted', () => {
		const state = observe(well(), seen({}, [...all, container('migrate', done)]));
		expect(ids([seen({}, [...all, container('migrate', done)])])).toEqual([]);
		expect(containerCount(state)).toEqual({running: 5, all: 5});
	});

	test.each([
		['failed', {...done, exitCode: 1}],
		['was killed for its memory', {...done, oomKilled: true}],
		['is started again by the engine when it ends', {...done, mayEnd: undefined}],
	])('that %s is a finding', (_, changes) => {
		expect(isDoneJob(container('migrate', changes))).toBe(false);
		expect(ids([seen({}, [...all, container('migrate', changes)])]).join()).toContain(
			'container-down:migrate',
		);
	});

	test('that the configuration names, or a run stopped, is no job', () => {
		const brain = [seen({}, [...all.slice(0, 1), container('titan-brain', done), ...all.slice(2)])];
		expect(ids(brain)).toContain('container-down:titan-brain');
		const list = seen({}, [...all, container('worker', done)]);
		expect(ids([list], {config: {...config, consumers: {'execution-consumer': 'worker'}}})).toContain(
			'container-down:worker',
		);
		const left = run({alive: false, stopped: ['worker']});
		expect(ids([list, {kind: 'run', run: left, at: now}]).join()).toContain('container-down:worker');
	});

	test('may be cleared away, also where another service waited for it', () => {
		const waits = container('api', {dependsOn: ['titan-nats', 'migrate'], completed: ['migrate']});
		const before = seen({}, [...all, waits, container('migrate', done)]);
		expect(ids([before, seen({}, [...all, waits], now + 1000)])).toEqual([]);
		expect(ids([seen({}, [...all, waits])])).toEqual([]);
	});
});

describe('a service without a container', () => {
	const before: Observation = {kind: 'memory', streams: [], services: ['worker'], at: now};

	test('that an earlier console saw with one is missing, and is counted', () => {
		const list = seen({expected: [...services, 'worker']});
		expect(symptom('container-down:worker', [before, list])).toMatchObject({
			severity: 'warning',
			title: 'worker is missing',
			runbook: 'service.worker',
		});
		expect(containerCount(observe(well(), before, list))).toEqual({running: 5, all: 6});
	});

	test('that nobody ever saw with one is left out on purpose, unless something needs it', () => {
		const list = seen({expected: [...services, 'grafana']});
		expect(ids([before, list])).toEqual([]);
		expect(containerCount(observe(well(), list))).toEqual({running: 5, all: 5});
		const consumers = {'execution-consumer': 'grafana'};
		const needs = container('api', {dependsOn: ['grafana']});
		for (const found of [
			symptom('container-down:grafana', [list], {config: {...config, consumers}}),
			symptom('container-down:grafana', [seen({expected: ['grafana']}, [...all, needs])]),
		]) {
			expect(found).toMatchObject({
				title: 'grafana is missing',
				advice: 'start it with docker compose up -d grafana, if it should run',
			});
			// S would make it, and what was never there may be a migration.
			expect(found?.runbook).toBeUndefined();
		}
	});

	test('that was a job stays forgotten when it is cleared away', () => {
		const job = container('migrate', {...exited, exitCode: 0, mayEnd: true});
		const list = (...containers: ContainerFacts[]) => seen({expected: [...services, 'migrate']}, containers);
		expect(ids([list(...all, job), list(...all)])).toEqual([]);
	});

	test('is not missing where each of its containers is another number', () => {
		const second = container('worker-2', {composeService: 'worker', number: 2});
		expect(ids([seen({expected: [...services, 'worker']}, [...all, second])])).toEqual([]);
		const needs = container('api', {dependsOn: ['worker']});
		expect(ids([seen({}, [...all, second, needs])])).toEqual([]);
	});

	test('is mended as a whole: the runbook is that of all of its replicas', () => {
		const second = container('worker-2', {...exited, composeService: 'worker', number: 2});
		const first = container('worker', {composeService: 'worker', number: 1});
		const list = seen({}, [...all, first, second]);
		expect(symptom('container-down:worker-2', [list])).toMatchObject({runbook: 'service.worker'});
		const stopping = run({stopped: ['worker']});
		expect(symptom('container-down:worker-2', [list, {kind: 'run', run: stopping, at: now}])).toMatchObject({
			severity: 'warning',
			title: 'worker-2 is stopped',
		});
	});

	test('that was scaled down is a warning', () => {
		const replicas = [1, 2].map((number) =>
			container(number === 1 ? 'worker' : 'worker-2', {composeService: 'worker', number}),
		);
		const down = [seen({}, [...all, ...replicas]), seen({}, [...all, replicas[0]!], now + 1000)];
		expect(symptom('container-down:worker-2', down)).toMatchObject({severity: 'warning'});
	});
});

test('what the engine would start again, and does not, was stopped by somebody', () => {
	const one = (restartPolicy: string | undefined, changes: Partial<ContainerFacts> = exited) =>
		wasStoppedByHand(container('api', {...changes, restartPolicy}));
	expect([one('always'), one('unless-stopped')]).toEqual([true, true]);
	expect([one('no'), one('on-failure'), one(undefined)]).toEqual([false, false, false]);
	expect(one('always', {status: 'restarting'})).toBe(false);
});

test('the replicas of a service are all of its containers, whatever their keys are', () => {
	const one = (service: string, composeService: string) => container(service, {composeService});
	const list = [one('w', 'w'), one('w (2)', 'w'), one('w-2', 'w-2')];
	expect(replicasOf('w', list).map(({service}) => service)).toEqual(['w', 'w (2)']);
	expect(replicasOf('w-2', list).map(({service}) => service)).toEqual(['w-2']);
	expect(replicasOf('w (2)', list).map(({service}) => service)).toEqual(['w (2)']);
});
