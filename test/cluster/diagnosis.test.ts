/** What jetmedic says of a real cluster of three that is broken. Runs inside `lab exec` of a lab that is a cluster. */
import {describe, expect, it, onTestFinished} from 'vitest';
import {look} from '../../source/commands/check.ts';
import {withNats} from '../integration/scene.ts';
import {until} from '../until.ts';
import {check, config, finding, isWell, servers, stop, useCluster} from './scene.ts';

describe('a cluster', {timeout: 90_000}, () => {
	useCluster();

	it('has no finding while it is well, and every server was looked at', async () => {
		const {findings, state} = await until(
			'it is ok',
			async () => {
				const report = await check();
				return report.code === 0 && report;
			},
			60_000,
			500,
		);
		expect(findings).toEqual([]);
		expect(Object.keys(state.nats.nodes).sort()).toEqual([...servers].sort());
		for (const name of servers) {
			const {view, status} = state.nats.nodes[name];
			expect(status).toBe('ok');
			expect(view).toMatchObject({serverName: name, clusterName: 'titan', meta: {size: 3}});
			expect(view.routes.sort()).toEqual(servers.filter((other) => other !== name).sort());
			expect(view.streams['$G > TITAN_INTENTS'].leader).toBe(state.streams['TITAN_INTENTS'].cluster.leader);
		}
		const {cluster, numReplicas, consumers} = state.streams['TITAN_INTENTS'];
		expect(numReplicas).toBe(3);
		expect(cluster.replicas).toHaveLength(2);
		expect(consumers['execution-consumer'].cluster.leader).toMatch(/^titan-nats/);
	});

	it('without one server goes on: a warning, also where it is the first one', async () => {
		await stop('titan-nats');
		const {severity, runbook, evidence} = await finding('node-down:titan-nats');
		expect({severity, runbook}).toEqual({severity: 'warning', runbook: 'restart'});
		expect(evidence).toMatch(/^exited \d+, /);
		const {findings, state} = await until(
			'another one is connected to',
			async () => {
				const report = await check();
				return report.state.nats.connection.status === 'connected' && report;
			},
			20_000,
		);
		expect(findings.map(({id}) => id)).not.toContain('nats-down');
		expect(state.streams['TITAN_INTENTS'].present).toBe(true);
	});

	it('without two has lost its majority: one critical finding that explains the others', async () => {
		await Promise.all([stop('titan-nats-2'), stop('titan-nats-3')]);
		const {severity, runbook, evidence} = await finding('quorum-lost');
		expect({severity, runbook}).toEqual({severity: 'critical', runbook: 'restart'});
		expect(evidence).toContain('1 of 3 servers works, 2 are needed');
		await until('the last one notices', async () => !(await isWell('titan-nats')), 30_000, 200);
		const {findings} = await check();
		expect(findings[0]?.id).toBe('quorum-lost');
		expect(
			findings.filter(({severity, cause}) => severity === 'critical' && cause === undefined),
		).toHaveLength(1);
	});

	it('tells a stream with its only server apart from one that is gone', async () => {
		const name = 'CLUSTER_SOLO';
		onTestFinished(() =>
			withNats((_nc, jsm) => jsm.streams.delete(name)).then(
				() => {},
				() => {},
			),
		);
		const keeper = await withNats(async (_nc, jsm) => {
			await jsm.streams.add({name, subjects: ['cluster.solo'], num_replicas: 1});
			return (await jsm.streams.info(name)).cluster?.leader;
		});
		await stop(keeper as never);
		// A list takes 4 s then: one short look does not have it.
		const findings = await until(
			'it is offline',
			async () => {
				const seen = (await look(await config(), {forMs: 9000})).findings;
				return seen.some(({id}) => id === `stream-offline:${name}`) && seen;
			},
			60_000,
		);
		const of = (id: string) => findings.find((one) => one.id === id);
		expect(of(`node-down:${keeper}`)).toMatchObject({severity: 'critical'});
		expect(of(`stream-offline:${name}`)).toMatchObject({cause: `node-down:${keeper}`});
		expect(findings.map(({id}) => id)).not.toContain(`stream-missing:${name}`);
	});
});
