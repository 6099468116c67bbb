/** `jetmedic check` and the sources on a real deployment. Runs inside `lab exec`. */
import {join} from 'node:path';
import {AckPolicy, StorageType} from 'nats';
import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {type LogEntry, openDocker} from '../../source/clients/docker/client.ts';
import {dockerEndpoint} from '../../source/clients/docker/endpoint.ts';
import {watchContainers} from '../../source/sources/containers.ts';
import {watchLogs} from '../../source/sources/logs.ts';
import type {Observation} from '../../source/state/observation.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';
import {container, docker, jetmedic, restore, startTimes, withNats} from './scene.ts';

const findingKeys = ['evidence', 'id', 'runbook', 'severity', 'sinceMs', 'title'];

async function check(env: Record<string, string> = {}) {
	const {stdout, stderr, code, ms} = await jetmedic(['check', '--json'], {
		state: await tempFolder(),
		env,
	}).ended();
	expect(stderr).toBe('');
	return {code, ms, report: JSON.parse(stdout)};
}

describe('check', {timeout: 60_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('finds nothing wrong with a healthy deployment, and changes nothing', async () => {
		const before = await startTimes();
		// After a repair what has just been restarted is still told of for a while.
		const {report} = await until(
			'it is ok',
			async () => {
				const answer = await check();
				return answer.code === 0 && answer;
			},
			30_000,
		);
		expect(Object.keys(report).sort()).toEqual([
			'at',
			'config',
			'deployment',
			'findings',
			'identity',
			'state',
			'status',
			'unread',
		]);
		expect(report).toMatchObject({
			deployment: 'titan',
			status: 'ok',
			findings: [],
			unread: [],
			config: 'built-in',
		});
		const serverId = await withNats(async (nc) => nc.info?.server_id);
		expect(report.identity).toEqual({
			engine: (await docker.info()).ID,
			project: 'titan',
			server: serverId,
		});
		expect(Math.abs(Date.parse(report.at) - Date.now())).toBeLessThan(10_000);
		expect(Object.keys(report.state.services).sort()).toHaveLength(5);
		expect(report.state.streams['TITAN_INTENTS'].consumers['execution-consumer']).toMatchObject({
			present: true,
		});
		expect(await startTimes()).toEqual(before);
	});

	it('reads the consumers of every stream in one look, however many there are', async () => {
		const names = Array.from({length: 90}, (_, index) => `MANY_${index}`);
		const drop = () =>
			withNats(async (_nc, jsm) => {
				await Promise.all(names.map((name) => jsm.streams.delete(name).catch(() => {})));
			});
		onTestFinished(drop);
		await withNats(async (_nc, jsm) => {
			for (const name of names) {
				await jsm.streams.add({name, subjects: [`many.${name}`], storage: StorageType.Memory});
				await jsm.consumers.add(name, {durable_name: 'reader', ack_policy: AckPolicy.Explicit});
			}
		});
		const {report, ms} = await check();
		for (const name of names) {
			expect(report.state.streams[name].consumers).toHaveProperty('reader');
		}
		expect(ms).toBeLessThan(6000);
	});

	it('names the runbook for a server that was stopped', async () => {
		await breakFault('nats-stopped');
		const {code, report} = await check();
		expect(code).toBe(2);
		expect(report.status).toBe('critical');
		expect(report.findings[0]).toMatchObject({severity: 'critical', runbook: 'restart'});
		for (const finding of report.findings) {
			expect(Object.keys(finding)).toEqual(expect.arrayContaining(findingKeys));
			expect(finding.sinceMs).toBeTypeOf('number');
		}
	});

	it('tells of an engine that is not there, and does not crash', async () => {
		const socket = join(await tempFolder(), 'none.sock');
		const {code, report} = await check({DOCKER_HOST: `unix://${socket}`});
		expect(code).toBeGreaterThan(0);
		expect(code).toBeLessThan(4);
		expect(report.findings).toContainEqual(
			expect.objectContaining({evidence: expect.stringContaining(`unix://${socket}`)}),
		);
	});

	it('tells the same to Nagios and to Prometheus', async () => {
		await breakFault('brain-down');
		const state = await tempFolder();
		const ask = (format: string) => jetmedic(['check', '--format', format], {state}).ended();
		const nagios = await ask('nagios');
		expect(nagios.code).toBe(2);
		expect(nagios.stdout.split('\n')[0]).toMatch(
			/^JETMEDIC CRITICAL - titan: titan-brain is down: exited .* \| critical=1;;;0; .* lag=\d+;1000;10000;0; /,
		);
		const prometheus = await ask('prometheus');
		expect(prometheus.code).toBe(2);
		expect(prometheus.stdout).toMatch(/^jetmedic_container_running\{.*service="titan-brain"\} 0$/m);
		expect(prometheus.stdout).toMatch(
			/^jetmedic_finding_age_seconds\{.*id="container-down:titan-brain".*runbook="service\.titan-brain"\} /m,
		);
		const wrong = await ask('xml');
		expect(wrong.code).toBe(3);
		expect(wrong.stderr).toBe(
			'Nothing was done: --format cannot be xml. Choose one of: human, json, nagios, prometheus. See `jetmedic check --help`.\n',
		);
	});

	it.each(['nats-paused', 'nats-stopped', 'brain-down'])('is done within 2.5 s with %s', async (fault) => {
		await breakFault(fault);
		const {code, ms} = await check();
		expect(code).toBeGreaterThan(0);
		expect(ms).toBeLessThan(2500);
	});
});

describe('the sources', {timeout: 60_000}, () => {
	const client = openDocker(dockerEndpoint({}, process.env));

	it('see within 500 ms that a container was killed', async () => {
		await restore();
		const seen: Observation[] = [];
		const aborter = new AbortController();
		onTestFinished(() => aborter.abort());
		const ended = watchContainers(client, 'titan', (observation) => seen.push(observation), aborter.signal);
		await until('the containers are listed', () => seen.some(({kind}) => kind === 'containers'));
		const {State, RestartCount} = await container('titan-scavenger');
		const at = Date.now();
		process.kill(State.Pid, 'SIGKILL');
		const observation = await until('the death is seen', () =>
			seen.find(
				(one) =>
					one.kind === 'container' &&
					one.container.service === 'titan-scavenger' &&
					(one.container.status !== 'running' || one.container.restarts > RestartCount),
			),
		);
		expect(observation.at - at).toBeLessThan(500);
		await until(
			'its return is seen',
			() =>
				seen.some(
					(one) =>
						one.kind === 'container' &&
						one.container.status === 'running' &&
						one.container.restarts > RestartCount,
				),
			10_000,
		);
		aborter.abort();
		await ended;
		expect(
			seen.filter(({kind}) => kind === 'source').every((one) => 'status' in one && one.status === 'up'),
		).toBe(true);
	});

	describe('of logs', () => {
		const name = 'runs-test-logger';
		const script = `
			const boot = Date.now();
			let n = 0;
			process.stdout.write('evil \\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u202e text\\n' + 'x'.repeat(40000) + '\\n');
			setInterval(() => {
				n++;
				(n % 3 ? process.stdout : process.stderr).write('boot ' + boot + ' line ' + n + '\\n');
			}, 10);
		`;
		const remove = () =>
			docker
				.getContainer(name)
				.remove({force: true})
				.catch(() => {});
		beforeAll(remove);
		afterAll(remove);

		it('attach again after each restart, lose no line and repeat none, and let nothing hostile through', async () => {
			const {Config} = await container('titan-brain');
			const logger = await docker.createContainer({
				name,
				Image: Config.Image,
				Entrypoint: ['node', '-e', script],
				Cmd: [],
				HostConfig: {Init: true},
			});
			await logger.start();
			const aborter = new AbortController();
			onTestFinished(() => aborter.abort());
			const lines: string[] = [];
			const emit = (observation: Observation): void => {
				if (observation.kind === 'log') {
					lines.push(...observation.lines.map(({text}) => text));
				}
			};
			let alive = true;
			const ended = watchLogs(
				client,
				{service: 'logger', tail: 1000, signatures: []},
				() => ({id: logger.id, running: alive}),
				emit,
				aborter.signal,
			);
			const boots = (): number =>
				new Set(lines.map((line) => /^boot (\d+)/.exec(line)?.[1]).filter(Boolean)).size;
			for (let boot = 1; boot <= 3; boot++) {
				const before = lines.length;
				await until(`boot ${boot} is followed`, () => boots() === boot && lines.length > before + 20, 10_000);
				if (boot < 3) {
					await logger.restart({t: 1});
				}
			}
			await logger.stop({t: 1});
			alive = false;
			const written: LogEntry[] = [];
			await client.logs(logger.id, {tail: 100_000}, (entries) => written.push(...entries), aborter.signal);
			const counted = (texts: string[]): string[] => texts.filter((text) => text.startsWith('boot ')).sort();
			const all = counted(written.map(({text}) => text));
			await until('the last line came', () => counted(lines).length >= all.length);
			aborter.abort();
			await ended;
			expect(new Set(all).size).toBe(all.length);
			expect(counted(lines)).toEqual(all);
			expect(lines.filter((line) => line.startsWith('evil'))).toEqual([
				'evil  text',
				'evil  text',
				'evil  text',
			]);
			for (const line of lines) {
				expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
				expect(line.length).toBeLessThanOrEqual(2000);
			}
		});
	});
});
