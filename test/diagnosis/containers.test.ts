import {describe, expect, test} from 'vitest';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import type {ContainerFacts, Observation} from '../../source/state/observation.ts';
import {
	config,
	connected,
	container,
	disconnected,
	down,
	exited,
	health,
	now,
	observe,
	run,
	services,
	start,
	up,
} from '../state/fixture.ts';
import {container1, ids, symptom} from './fixture.ts';

const listed = (...containers: ContainerFacts[]): Observation => ({kind: 'containers', containers, at: now});
const others = (...without: string[]): ContainerFacts[] =>
	services.filter((service) => !without.includes(service)).map((service) => container(service));

describe('container-down', () => {
	test.each([
		[
			'exited',
			{...exited, finishedAt: now - 12_000},
			'titan-brain is down',
			'exited 137, 12 s ago',
			{runbook: 'service.titan-brain'},
		],
		['dead', {status: 'dead'}, 'titan-brain is down', 'dead', {runbook: 'service.titan-brain'}],
		[
			'created',
			{status: 'created'},
			'titan-brain is down',
			'created, never started',
			{runbook: 'service.titan-brain'},
		],
		['paused', {status: 'paused'}, 'titan-brain is paused', 'just now', {runbook: 'service.titan-brain'}],
		[
			'restarting',
			{...exited, status: 'restarting'},
			'titan-brain is restarting',
			'restarting after exit 137',
			{advice: 'read the log of titan-brain'},
		],
		[
			'missing',
			{status: 'missing'},
			'titan-brain is missing',
			'its container is missing',
			{runbook: 'service.titan-brain'},
		],
	] as const)('%s', (_, changes, title, evidence, remedy) => {
		const found = symptom('container-down:titan-brain', [container1('titan-brain', {...changes})]);
		expect(found).toMatchObject({severity: 'critical', title, evidence, ...remedy});
	});

	test('missing from the list, seen before or not', () => {
		expect(ids([listed(...others('titan-brain'))])).toEqual(['container-down:titan-brain']);
		const first = observe(start(now), listed(...others('titan-brain')));
		expect(diagnose(first, config, now).map(({id}) => id)).toContain('container-down:titan-brain');
	});

	test('not before the containers were listed', () => {
		expect(diagnose(observe(start(now), container1('titan-nats', {})), config, now)).toEqual([]);
	});

	test('a task that has done its work is a warning; a service that the configuration names is not one', () => {
		const done = {...exited, exitCode: 0};
		expect(symptom('container-down:migrate', [container1('migrate', done)])?.severity).toBe('warning');
		expect(symptom('container-down:migrate', [container1('migrate', exited)])?.severity).toBe('critical');
		expect(symptom('container-down:titan-brain', [container1('titan-brain', done)])?.severity).toBe(
			'critical',
		);
	});

	test('a dependency that was never seen may be an optional one', () => {
		const seen = [container1('worker', {dependsOn: ['cache']})];
		expect(symptom('container-down:cache', seen)).toMatchObject({
			severity: 'warning',
			title: 'cache is missing',
		});
	});

	test('stopped by the run that goes on is not critical', () => {
		const seen: Observation[] = [
			{kind: 'run', run: run({stopped: ['titan-brain']}), at: now},
			container1('titan-brain', exited),
		];
		expect(symptom('container-down:titan-brain', seen)).toMatchObject({
			severity: 'warning',
			evidence: 'by the full recovery that goes on',
		});
	});

	test('left behind by a run that was killed', () => {
		const killed = run({stopped: ['titan-brain'], alive: false, at: now - 12_000});
		const seen: Observation[] = [{kind: 'run', run: killed, at: now}, container1('titan-brain', exited)];
		expect(symptom('container-down:titan-brain', seen)).toMatchObject({
			severity: 'critical',
			evidence: 'stopped by the full recovery that was killed 12 s ago',
			cause: 'run-unfinished',
		});
		expect(symptom('run-unfinished', seen)).toMatchObject({
			severity: 'critical',
			title: 'unfinished run, 1 service left stopped',
			evidence: 'full recovery was killed 12 s ago, services it stopped: titan-brain, by root',
			runbook: 'resume',
		});
	});

	test('left behind by a run that could not start it again; not once somebody has', () => {
		const failed = run({stopped: ['titan-brain'], alive: false, result: 'failed', at: now - 12_000});
		const seen: Observation[] = [{kind: 'run', run: failed, at: now}, container1('titan-brain', exited)];
		expect(symptom('run-unfinished', seen)).toMatchObject({
			title: 'unfinished run, 1 service left stopped',
			evidence: 'full recovery ended failed 12 s ago, services it stopped: titan-brain, by root',
			runbook: 'resume',
		});
		expect(symptom('run-unfinished', [{kind: 'run', run: failed, at: now}])).toBeUndefined();
	});

	test('says where the server answers without a container', () => {
		const found = symptom('container-down:titan-nats', [listed(...others('titan-nats'))]);
		expect(found).toMatchObject({severity: 'warning', title: 'titan-nats has no container'});
		expect(ids([listed(...others('titan-nats')), disconnected(now)])).toEqual(['nats-down']);
	});
});

describe('project-missing', () => {
	test('explains all that is missing', () => {
		const found = ids([listed(), disconnected(now)]);
		expect(found[0]).toBe('project-missing');
		expect(found).toContain('nats-down < project-missing');
		expect(found).toContain('container-down:titan-brain < project-missing');
		expect(found.slice(1).every((id) => id.endsWith(' < project-missing'))).toBe(true);
	});

	test('is a wrong configuration where the server answers', () => {
		const found = symptom('project-missing', [listed()]);
		expect(found).toMatchObject({severity: 'unknown', advice: 'correct docker.project in the configuration'});
	});

	test('not where one container is there', () => {
		expect(symptom('project-missing', [listed(container('titan-nats'))])).toBeUndefined();
	});
});

describe('container-detached', () => {
	test('runs without a network', () => {
		expect(
			symptom('container-detached:titan-execution', [container1('titan-execution', {networks: []})]),
		).toMatchObject({
			severity: 'critical',
			title: 'titan-execution is cut off from its network',
			runbook: 'service.titan-execution',
		});
	});

	test('not where it does not run', () => {
		const seen = [container1('titan-execution', {...exited, networks: []})];
		expect(ids(seen)).toEqual(['container-down:titan-execution']);
	});
});

describe('container-unhealthy', () => {
	test('with what its check said', () => {
		const seen = [container1('titan-brain', {health: 'unhealthy', healthOutput: 'curl: (7)'})];
		expect(symptom('container-unhealthy:titan-brain', seen, {at: now + 12_000})).toMatchObject({
			severity: 'warning',
			title: 'titan-brain is unhealthy',
			evidence: 'curl: (7), for 12 s',
		});
	});

	test('without the end of the line or the full stop that its check said it with', () => {
		for (const healthOutput of ['server returned error: 503 \n', 'server returned error: 503.']) {
			const seen = [container1('titan-brain', {health: 'unhealthy', healthOutput})];
			expect(symptom('container-unhealthy:titan-brain', seen, {at: now + 12_000})?.evidence).toBe(
				'server returned error: 503, for 12 s',
			);
		}
	});

	test('starting is a word worth only after a minute', () => {
		const seen = [container1('titan-brain', {health: 'starting'})];
		expect(symptom('container-unhealthy:titan-brain', seen, {at: now + 59_999})).toBeUndefined();
		expect(symptom('container-unhealthy:titan-brain', seen, {at: now + 60_000})).toMatchObject({
			title: 'titan-brain does not become healthy',
			evidence: 'starting for 60 s',
		});
	});

	test('is explained by its endpoint, which says more', () => {
		const seen = [
			container1('titan-brain', {health: 'unhealthy'}),
			health('brain', 'unhealthy', now, 'nats unhealthy'),
		];
		expect(ids(seen)).toEqual([
			'health-unhealthy:brain',
			'container-unhealthy:titan-brain < health-unhealthy:brain',
		]);
	});
});

describe('an unhealthy container while the server is down', () => {
	const lost = (service: string, dependsOn: string[]): string[] =>
		ids([disconnected(now), container1(service, {health: 'unhealthy', dependsOn})]);

	test.each([
		['depends on it', 'worker', ['titan-nats']],
		['depends on what depends on it', 'worker', ['titan-brain']],
		['has an endpoint that is about it', 'titan-brain', []],
	])('is explained where it %s', (_, service, dependsOn) => {
		expect(lost(service, dependsOn)).toEqual([
			'nats-unreached',
			`container-unhealthy:${service} < nats-unreached`,
		]);
	});

	test('is not where it has nothing to do with it', () => {
		expect(lost('database', [])).toEqual(['nats-unreached', 'container-unhealthy:database']);
	});

	test('is explained by another dependency that is down', () => {
		const seen = [
			container1('titan-sentinel', exited),
			container1('ui', {health: 'unhealthy', dependsOn: ['titan-sentinel']}),
		];
		expect(ids(seen)).toEqual([
			'container-down:titan-sentinel',
			'container-unhealthy:ui < container-down:titan-sentinel',
		]);
	});

	test('dependencies may go in a circle', () => {
		expect(lost('titan-nats', ['titan-brain'])).toEqual([
			'nats-unreached',
			'container-unhealthy:titan-nats < nats-unreached',
		]);
	});
});

describe('container-restarted', () => {
	test('is none where a run did it, also one before the newest', () => {
		const end = container1('titan-nats', exited);
		const again = container1('titan-nats', {startedAt: now + 2000}, 2000);
		const runs = (...given: Parameters<typeof run>[0][]): Observation[] =>
			given.map((changes) => ({kind: 'run', run: run(changes), at: now}));
		const first = {
			id: 'run-1',
			startedAt: now - 1000,
			endedAt: now + 3000,
			alive: false,
			result: 'verified' as const,
		};
		const second = {
			id: 'run-2',
			startedAt: now + 20_000,
			endedAt: now + 21_000,
			alive: false,
			result: 'verified' as const,
		};
		const told = (...seen: Observation[]) =>
			ids(seen, {at: now + 22_000}).includes('container-restarted:titan-nats');
		expect(told(end, again, ...runs(first))).toBe(false);
		expect(told(end, again, ...runs(first, second))).toBe(false);
		expect(told(end, again, ...runs(second))).toBe(true);
		// One that was last seen alive, long before, did not do what came after it.
		const lost = {id: 'run-0', startedAt: now - 90_000, at: now - 80_000};
		expect(told(...runs(lost), end, again, ...runs(second))).toBe(true);
	});

	const end = container1('titan-brain', exited);
	const again = container1('titan-brain', {startedAt: now + 900, restarts: 1}, 1000);

	test('tells of it for a minute', () => {
		expect(symptom('container-restarted:titan-brain', [end, again], {at: now + 13_000})).toMatchObject({
			severity: 'warning',
			title: 'titan-brain was restarted',
			evidence: '12 s ago, exit 137',
		});
		expect(symptom('container-restarted:titan-brain', [end, again], {at: now + 60_999})).toBeDefined();
		expect(symptom('container-restarted:titan-brain', [end, again], {at: now + 61_000})).toBeUndefined();
	});

	test('not where a run did it', () => {
		const going: Observation = {kind: 'run', run: run(), at: now};
		const over: Observation = {
			kind: 'run',
			run: run({endedAt: now + 500, result: 'verified', alive: false}),
			at: now,
		};
		const before: Observation = {
			kind: 'run',
			run: run({startedAt: now - 60_000, endedAt: now - 50_000, result: 'verified', alive: false}),
			at: now,
		};
		expect(ids([going, end, again])).toEqual([]);
		expect(ids([over, end, again])).toEqual([]);
		expect(ids([before, end, again])).toEqual(['container-restarted:titan-brain']);
	});

	test('not of what was started before the console', () => {
		expect(ids([])).toEqual([]);
		expect(ids([container1('titan-new', {startedAt: now - 1000})])).toEqual([]);
	});
});

describe('engine-unreachable', () => {
	test('makes containers unknown', () => {
		const seen = [down('docker', 'Cannot reach the Docker engine', now, 'absent')];
		expect(symptom('engine-unreachable', seen, {at: now + 12_000})).toMatchObject({
			severity: 'critical',
			evidence: 'containers unknown for 12 s, Cannot reach the Docker engine',
		});
		expect(ids([...seen, up('docker', now)])).toEqual([]);
	});

	test('explains what went with it, with what was known of containers', () => {
		const seen = [
			container1('titan-brain', exited),
			down('docker', 'connection refused', now, 'absent'),
			health('execution', 'unreachable', now, 'connection refused'),
			disconnected(now),
		];
		expect(ids(seen)).toEqual([
			'engine-unreachable',
			'nats-unreached < engine-unreachable',
			'container-down:titan-brain < engine-unreachable',
			'health-unreachable:execution < engine-unreachable',
		]);
	});

	test('that only turns this user away is not critical and explains nothing', () => {
		const seen = [down('docker', 'permission denied', now, 'denied'), disconnected(now)];
		expect(ids(seen)).toEqual(['nats-unreached', 'engine-unreachable']);
		expect(symptom('engine-unreachable', seen)?.severity).toBe('unknown');
		expect(ids([...seen, connected(now)])).toEqual(['engine-unreachable']);
	});
});
