import {describe, expect, test} from 'vitest';
import type {DeploymentState} from '../../source/state/types.ts';
import {containers} from '../../source/ui/panes/containers.ts';
import {header} from '../../source/ui/panes/header.ts';
import {health} from '../../source/ui/panes/health.ts';
import {streamFacts} from '../../source/ui/screens/facts.ts';
import {nodeFacts} from '../../source/ui/screens/node-facts.ts';
import {pageScreen} from '../../source/ui/screens/page.ts';
import {config, nodeOf, replica, viewOf} from '../state/cluster-fixture.ts';
import {observe} from '../state/fixture.ts';
import {healthy, model, now, service} from './fixture.ts';
import {rowWith, textOf} from './text.ts';

const [a, b, c] = ['titan-nats', 'titan-nats-2', 'titan-nats-3'] as const;

/** The healthy deployment on a cluster, after something more was seen. */
function cluster(...seen: Parameters<typeof observe>[1][]): DeploymentState {
	const base = healthy();
	const at = now - 1000;
	return observe(
		{...base, services: {...base.services, [b]: service(b), [c]: service(c)}},
		...[a, b, c].flatMap((name) => [
			nodeOf(name, 'ok', at),
			{kind: 'node-view', service: name, view: viewOf(name, {startedAt: now - 60_000}), at} as const,
		]),
		...seen,
	);
}
const on = (state: DeploymentState, ui = {}) => ({...model(state, {ui}), config});
const down = nodeOf(c, 'unreachable', now, 'connection refused');

describe('the servers of a cluster', () => {
	test('are rows of the health pane: how each is, which version, who leads', () => {
		const text = textOf(health(on(cluster(down)), 60, 12));
		expect(rowWith(text, `${a} `)).toMatch(/● titan-nats +leader 2\.15\.1/);
		expect(rowWith(text, b)).toMatch(/● titan-nats-2 +ok 2\.15\.1/);
		expect(rowWith(text, c)).toMatch(/✖ titan-nats-3 +unreachable: connection refused/);
		expect(text).not.toContain('healthz');
		expect(text).toContain('brain');
	});

	test('are counted in the header', () => {
		expect(textOf([header(on(cluster()), 118)])).toContain('● 3/3');
		expect(textOf([header(on(cluster(down)), 118)])).toContain('● 2/3');
	});

	test('stand first among the containers', () => {
		const text = textOf(containers(on(cluster()), 60, 12));
		const names = text.split('\n').flatMap((line) => /titan-[\w-]+/.exec(line)?.[0] ?? []);
		expect(names.slice(0, 3)).toEqual([a, b, c]);
	});

	test('have a detail', () => {
		const facts = Object.fromEntries(nodeFacts(b, on(cluster())) ?? []);
		expect(facts).toMatchObject({
			healthz: 'ok',
			monitor: 'http://127.0.0.1:8223',
			server: 'titan-nats-2 2.15.1',
			cluster: 'TITAN',
			'routes to': 'titan-nats, titan-nats-3',
			leader: 'titan-nats',
			servers: '3',
		});
		const detail = {pane: 'health', id: `node:${c}`} as const;
		const page = textOf(pageScreen(on(cluster(down), {overlays: ['detail'], detail}), 118, 34));
		expect(rowWith(page, 'healthz')).toContain('unreachable: connection refused');
		expect(nodeFacts('nobody', on(cluster()))).toBeUndefined();
	});
});

test('a stream has its leader, and its replicas as natscli marks them', () => {
	const stream = Object.values(healthy().streams)[0]!;
	const replicas = [replica(b), replica(c, {current: false, offline: true, lag: 1200, activeMs: 21_000})];
	const facts = (change: object) => Object.fromEntries(streamFacts({...stream, ...change}, now));
	expect(facts({cluster: {leader: a, replicas}, numReplicas: 3})).toMatchObject({
		leader: a,
		replicas: `${a}*, ${b}, ${c}! (offline, 1,200 behind, unseen for 21 s)`,
	});
	expect(facts({cluster: {replicas: [replica(b)]}, numReplicas: 3})).toMatchObject({
		leader: 'none',
		replicas: `${b}, 2 of 3 missing`,
	});
	expect(facts({})['replicas']).toBeUndefined();
});
