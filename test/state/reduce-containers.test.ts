import {describe, expect, test} from 'vitest';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {container, exited, observe, start, t0} from './fixture.ts';

const one = (at: number, changes: Partial<ContainerFacts> = {}): Observation => ({
	kind: 'container',
	container: container('titan-brain', changes),
	at,
});
const all = (at: number, ...containers: ContainerFacts[]): Observation => ({
	kind: 'containers',
	containers,
	at,
});
const brain = (...observations: Observation[]) => observe(start(), ...observations).services['titan-brain'];

test('keeps when the status and the health changed', () => {
	expect(brain(one(t0), one(t0 + 1000))).toMatchObject({statusSince: t0, healthSince: t0, at: t0 + 1000});
	expect(brain(one(t0), one(t0 + 1000, {health: 'unhealthy'}))).toMatchObject({
		statusSince: t0,
		healthSince: t0 + 1000,
	});
	expect(brain(one(t0), one(t0 + 1000, exited))).toMatchObject({statusSince: t0 + 1000});
});

test('a service that is not listed any more is missing, with its last facts', () => {
	const state = observe(
		start(),
		all(t0, container('titan-brain', {healthOutput: 'x'}), container('titan-nats')),
		all(t0 + 1000, container('titan-nats'), container('titan-new')),
		all(t0 + 2000, container('titan-nats'), container('titan-new')),
	);
	expect(Object.keys(state.services)).toEqual(['titan-brain', 'titan-nats', 'titan-new']);
	const missing = state.services['titan-brain'];
	expect(missing).toMatchObject({status: 'missing', statusSince: t0 + 1000, image: 'titan-brain'});
	expect(missing).toMatchObject({networks: [], health: 'none', containerId: '', dependsOn: ['titan-nats']});
	expect(missing).not.toHaveProperty('healthOutput');
	expect(state.containersAt).toBe(t0 + 2000);
});

test('an empty list is a list', () => {
	const state = observe(start(), all(t0));
	expect(state.containersAt).toBe(t0);
	expect(observe(start(), one(t0)).containersAt).toBeUndefined();
});

describe('a restart', () => {
	const later = {startedAt: t0 + 900, restarts: 1};

	test('is seen by the start time, with how the container ended', () => {
		const end = {...exited, finishedAt: t0 + 400, oomKilled: true};
		expect(brain(one(t0), one(t0 + 500, end), one(t0 + 1000, later))).toMatchObject({
			status: 'running',
			restartedAt: t0 + 1000,
			lastExit: {at: t0 + 400, exitCode: 137, oomKilled: true},
		});
	});

	test('is seen where nobody saw the end', () => {
		const service = brain(one(t0), one(t0 + 1000, later), one(t0 + 2000, later));
		expect(service?.restartedAt).toBe(t0 + 1000);
		expect(service?.lastExit).toBeUndefined();
	});

	test('is seen of a container that took its place', () => {
		expect(brain(one(t0), one(t0 + 1000, {containerId: 'other', startedAt: t0 + 900}))?.restartedAt).toBe(
			t0 + 1000,
		);
	});

	test.each([
		['a container that was first seen', [one(t0, later)]],
		[
			'the first start of one that was created',
			[one(t0, {status: 'created', startedAt: undefined}), one(t0 + 1000, later)],
		],
		['a pause', [one(t0), one(t0 + 500, {status: 'paused'}), one(t0 + 1000)]],
		['an end', [one(t0), one(t0 + 1000, exited)]],
		[
			'fewer restarts in another container',
			[one(t0, {restarts: 4}), one(t0 + 1, {containerId: 'other', restarts: 5})],
		],
	])('is not %s', (_, observations) => {
		expect(brain(...observations)?.restartedAt).toBeUndefined();
	});

	test('keeps the end of each turn of a crash loop', () => {
		const service = brain(
			one(t0),
			one(t0 + 1, exited),
			one(t0 + 2, later),
			one(t0 + 3, {...exited, exitCode: 1}),
		);
		expect(service?.lastExit).toMatchObject({exitCode: 1, at: t0 + 3});
	});
});

describe('stats', () => {
	const stats: Observation = {
		kind: 'stats',
		service: 'titan-brain',
		cpuPercent: 4,
		memoryBytes: 1,
		memoryLimitBytes: 2,
		at: t0,
	};

	test('are kept over a look, until the container ends or is another one', () => {
		expect(brain(one(t0), stats, one(t0 + 1000))?.stats).toEqual({
			at: t0,
			cpuPercent: 4,
			memoryBytes: 1,
			memoryLimitBytes: 2,
		});
		expect(brain(one(t0), stats, one(t0 + 1000, exited))?.stats).toBeUndefined();
		expect(brain(one(t0), stats, one(t0 + 1000, {containerId: 'other'}))?.stats).toBeUndefined();
	});

	test('of a service that is not known, or gone, say nothing', () => {
		const state = start();
		expect(observe(state, stats).services).toBe(state.services);
		expect(observe(state, {...stats, service: 'constructor'}).services).toBe(state.services);
		const gone = observe(state, all(t0, container('titan-brain')), all(t0 + 1));
		expect(observe(gone, stats).services).toBe(gone.services);
	});
});
