/** A system account, where the configuration names one server of three. Runs inside `lab exec` of a lab that is a cluster. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {look} from '../../source/commands/check.ts';
import {loadConfig} from '../../source/config/load.ts';
import type {Config} from '../../source/config/schema.ts';
import {tempFolder} from '../config/temp.ts';
import {docker, jetmedic} from '../integration/scene.ts';
import {until} from '../until.ts';
import {servers, stop, useCluster} from './scene.ts';

const others = servers.filter((name) => name !== 'titan-nats');

/** The first server alone, and a user of the system account. */
const yaml = (password = 'lab'): string => `
deployment: titan
docker: {project: titan}
nats:
  service: titan-nats
  url: nats://127.0.0.1:4222
  monitor: http://127.0.0.1:8222
  system: {user: system, password: ${password}}
`;

async function files(password?: string): Promise<{folder: string; file: string}> {
	const folder = await tempFolder();
	const file = join(folder, 'jetmedic.yaml');
	writeFileSync(file, yaml(password));
	return {folder, file};
}

async function configOf(): Promise<Config> {
	const {folder, file} = await files();
	const env = {...process.env, HOME: folder, NATS_URL: ''};
	return (await loadConfig({path: file, cwd: folder, env, flags: {stateDir: folder}})).config;
}

async function check(password?: string) {
	const {folder, file} = await files(password);
	// The lab's environment names all three servers: the user of the system account is not sent to those.
	const run = jetmedic(['check', '--json', '--config', file], {state: folder, env: {NATS_URL: ''}});
	const {stdout} = await run.ended();
	return JSON.parse(stdout);
}

describe('a system account', {timeout: 90_000}, () => {
	useCluster();

	it('adds the servers that the configuration does not name, with what they say of themselves', async () => {
		const {findings, state} = await until(
			'it is well',
			async () => {
				const report = await check();
				return report.findings.length === 0 && report;
			},
			60_000,
			500,
		);
		expect(findings).toEqual([]);
		expect(Object.keys(state.nats.nodes).sort()).toEqual([...servers].sort());
		for (const name of others) {
			const {status, remote, view} = state.nats.nodes[name];
			expect({status, remote}).toEqual({status: 'ok', remote: true});
			expect(view).toMatchObject({serverName: name, clusterName: 'titan', meta: {size: 3}});
			expect(view.streams).toHaveProperty(['$G > TITAN_INTENTS']);
		}
		expect(state.nats.nodes['titan-nats']).not.toHaveProperty('remote');
	});

	it('tells of a server that is stopped, at once, and that it is not for this console to start it', async () => {
		const ended = new AbortController();
		onTestFinished(() => ended.abort());
		const seen: {at: number; error: string}[] = [];
		const watching = watch(await configOf(), ended.signal, (name, status, error) => {
			if (name === 'titan-nats-3' && status === 'unreachable') {
				seen.push({at: Date.now(), error});
			}
		});
		await watching.ready;
		await stop('titan-nats-3');
		const stoppedAt = Date.now();
		await until('it is told', () => seen.length > 0, 10_000, 20);
		expect(seen[0]?.error).toBe('it said that it shuts down');
		expect(seen[0]!.at - stoppedAt).toBeLessThan(500);
		await watching.end();
		// And one that is only looked at later is not even known: the others tell of its replica.
		const {findings} = await until(
			'its replica is told',
			async () => {
				const snapshot = await look(await configOf(), {forMs: 9000});
				return snapshot.findings.some(({id}) => id === 'replica-behind:titan-nats-3') && snapshot;
			},
			40_000,
			200,
		);
		expect(findings.map(({id}) => id)).toContain('replica-behind:titan-nats-3');
	});

	it('that hangs is told by its silence', async () => {
		const ended = new AbortController();
		onTestFinished(() => ended.abort());
		const seen: string[] = [];
		const watching = watch(await configOf(), ended.signal, (name, status, error) => {
			if (name === 'titan-nats-2' && status === 'unreachable') {
				seen.push(error);
			}
		});
		await watching.ready;
		await docker.getContainer('titan-nats-2').pause();
		await until('it is told', () => seen.length > 0, 10_000, 20);
		expect(seen[0]).toBe('no answer through the system account');
		await docker.getContainer('titan-nats-2').unpause();
		await watching.end();
	});

	it('whose password is wrong is a state, never a crash, and is not written anywhere', async () => {
		const report = await until(
			'it is told',
			async () => {
				const {findings, ...rest} = await check('s3cretly-wrong');
				const told = findings.find(({id}: {id: string}) => id === 'source-unknown:system');
				return told && {told, rest};
			},
			30_000,
			500,
		);
		expect(report.told).toMatchObject({
			severity: 'unknown',
			title: 'The other servers of the cluster are unknown',
			evidence: expect.stringContaining('the server refuses these credentials'),
		});
		expect(JSON.stringify(report)).not.toContain('s3cretly-wrong');
	});
});

/** The source alone, on the real cluster. */
function watch(
	config: Config,
	signal: AbortSignal,
	say: (name: string, status: string, error: string) => void,
): {ready: Promise<unknown>; end(): Promise<void>} {
	const known = new Set<string>();
	const ended = new AbortController();
	const started = Promise.all([
		import('../../source/sources/system.ts'),
		import('../../source/state/initial.ts'),
		import('../../source/state/reduce.ts'),
	]).then(([{watchSystem}, {initialState}, {reduce}]) => {
		let state = initialState({config, host: 'test', now: Date.now()});
		return watchSystem(
			{config, env: process.env, state: () => state},
			(observation) => {
				state = reduce(state, observation);
				if (observation.kind === 'node') {
					known.add(observation.service);
					say(observation.service, observation.status, observation.error ?? '');
				}
			},
			AbortSignal.any([signal, ended.signal]),
		);
	});
	return {
		ready: until('all are known', () => others.every((name) => known.has(name)), 20_000, 20),
		async end() {
			ended.abort();
			await started;
		},
	};
}
