import {describe, expect, test} from 'vitest';
import {judgeCluster} from '../../../source/runbook/cluster/judge.ts';
import type {NodeNow} from '../../../source/runbook/cluster/look.ts';

const services = ['a', 'b', 'c'];

/** Three servers, led by the first, with the conditions that are given. */
function nodes(
	conditions: Partial<Record<string, NodeNow['condition']>> = {},
	leader: string | undefined = 'a',
) {
	return services.map((service): NodeNow => {
		const condition = conditions[service] ?? 'well';
		const works = ['well', 'catching-up', 'unhealthy'].includes(condition);
		const meta = {size: 3, pending: 0, replicas: [], ...(leader !== undefined && {leader})};
		return {service, name: service, condition, why: condition, ...(works && {meta})};
	});
}
const leaderless = (conditions = {}) =>
	nodes(conditions).map(({meta: _, ...node}) => ({...node, meta: {size: 3, pending: 0, replicas: []}}));
const purge = {purge: 1000, recreates: false, recreatesConsumer: false, restartsFirst: false};
const restart = {purge: undefined, recreates: false, recreatesConsumer: false, restartsFirst: true};
const judge = (seen: NodeNow[], needs: Parameters<typeof judgeCluster>[1], restarts: string[] = []) =>
	judgeCluster(seen, needs, restarts);

describe('a purge on a cluster', () => {
	test('is possible with a majority and a leader', () => {
		expect(judge(nodes(), purge)).toEqual({
			name: 'cluster',
			ok: true,
			evidence: '3 of 3 servers work, a leads',
		});
		expect(judge(nodes({c: 'down'}), purge)).toMatchObject({
			ok: true,
			evidence: '2 of 3 servers work, a leads',
		});
	});

	test.each([
		[
			{b: 'down', c: 'paused'},
			/^The cluster has no majority, .*: b is down and c is paused, 1 of 3 work\. Run restart/,
		],
		[{b: 'hung', c: 'hung'}, /b does not answer and c does not answer/],
		[{b: 'booting', c: 'booting'}, /Wait until they are ready; do not restart them\.$/],
	] as const)('is refused without a majority: %j', (conditions, why) => {
		expect(judge(nodes(conditions), purge)).toMatchObject({ok: false, evidence: expect.stringMatching(why)});
	});

	test('is refused without a leader', () => {
		expect(judge(leaderless(), purge)).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(/^The cluster has no leader, so nothing can be purged/),
		});
		expect(judge(leaderless(), {...purge, purge: undefined, recreates: true})).toMatchObject({ok: false});
	});

	test('is not asked for where the servers are restarted first', () => {
		expect(judge(nodes({b: 'down', c: 'down'}), {...purge, restartsFirst: true}, services)).toMatchObject({
			ok: true,
		});
	});
});

describe('a restart on a cluster', () => {
	test('is possible where all are well', () => {
		expect(judge(nodes(), restart, services)).toMatchObject({ok: true});
		expect(judge(nodes({b: 'catching-up'}), restart, ['a'])).toMatchObject({ok: true});
	});

	test('starts first what is down', () => {
		expect(judge(nodes({b: 'down'}), restart, services)).toMatchObject({
			ok: true,
			evidence: 'b is down: started first, what is well is then left alone, 2 of 3 servers work, a leads',
		});
		expect(judge(nodes({b: 'down', c: 'hung'}), restart, services)).toMatchObject({ok: true});
		expect(judge(leaderless({b: 'down'}), restart, services)).toMatchObject({ok: true});
	});

	test('is refused where it would cost the majority', () => {
		expect(judge(nodes({c: 'down'}), restart, ['a'])).toEqual({
			name: 'cluster',
			ok: false,
			evidence: 'c is down: a restart of a would cost the cluster its majority. Start c first.',
		});
		expect(judge(nodes({c: 'booting'}), restart, ['a'])).toMatchObject({ok: false});
		expect(judge(nodes({c: 'cut-off'}), restart, ['a'])).toMatchObject({ok: false});
		// Of five, one may be missing.
		const five = [...nodes({c: 'down'}), ...nodes().slice(0, 2)];
		expect(judge(five, restart, ['a'])).toMatchObject({ok: true});
	});

	test('is refused where all run and nobody leads', () => {
		expect(judge(leaderless(), restart, services)).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(/^The cluster has no leader although its servers run/),
		});
	});
});
