/** As unread.test.ts, for what is read over HTTP: the monitoring port, the endpoints of the services, the engine. */
import {once} from 'node:events';
import {describe, expect, onTestFinished, test} from 'vitest';
import {openDocker} from '../../source/clients/docker/client.ts';
import type {Config} from '../../source/config/schema.ts';
import {diagnose} from '../../source/diagnosis/diagnose.ts';
import {overallStatus} from '../../source/diagnosis/status.ts';
import {watchContainers} from '../../source/sources/containers.ts';
import {watchHealth, watchMetrics} from '../../source/sources/endpoints.ts';
import {watchMonitor} from '../../source/sources/monitor.ts';
import type {Emit, Observation} from '../../source/state/observation.ts';
import {httpServer} from '../clients/server.ts';
import {config, now, observe, services, start, well, wellAt} from '../state/fixture.ts';
import {type Damage, damages} from './damage.ts';

type Answer = {status?: number; text: string};

/** What each page answers; `/events` has no end. */
const serve = (pages: Record<string, Answer>) =>
	httpServer((request, response) => {
		const path = new URL(request.url ?? '/', 'http://x').pathname;
		if (path.endsWith('/events')) {
			response.flushHeaders();
			return;
		}
		const page = pages[path];
		response.writeHead(page?.status ?? (page ? 200 : 404), {'content-type': 'application/json'});
		response.end(page?.text ?? '');
	});

/** Watches until `isDone`. */
async function watchUntil(
	watch: (emit: Emit, signal: AbortSignal) => Promise<void>,
	isDone: (seen: readonly Observation[]) => boolean,
): Promise<Observation[]> {
	const ended = new AbortController();
	onTestFinished(() => ended.abort());
	const seen: Observation[] = [];
	const done = new AbortController();
	const watched = watch((observation) => {
		seen.push({...observation, at: now + 1});
		if (isDone(seen)) {
			done.abort();
		}
	}, ended.signal);
	await (done.signal.aborted ? undefined : once(done.signal, 'abort'));
	ended.abort();
	await watched;
	return seen;
}

/** What one look says if the rest is well, and this was seen of one source. */
function told(seen: Observation[], isOf: (one: Observation) => boolean, settings: Config = config) {
	const others = wellAt(now).filter((one) => !isOf(one));
	return [start(now), well()].map((before) => {
		const state = observe(before, ...others, ...seen, {kind: 'over', at: now + 2});
		const findings = diagnose(state, settings, now + 2);
		return {findings, status: overallStatus(state, findings)};
	});
}

const isSource =
	(name: string) =>
	(one: Observation): boolean =>
		one.kind === 'source' && one.source === name;

/** Over HTTP nothing is late in a test, and a refusal has a code of its own. */
const pagesOf = (right: string, other: string): [string, Answer][] => [
	...damages
		.filter(({code}) => code === undefined)
		.map(({name, of}: Damage): [string, Answer] => [name, {text: of(right, other)}])
		.filter(([, {text}]) => text !== right),
	...[401, 403, 404, 307, 502].map((status): [string, Answer] => [
		`HTTP ${status} with a page`,
		{status, text: '<html>no</html>'},
	]),
	...[401, 404, 307].map((status): [string, Answer] => [
		`HTTP ${status} with the answer`,
		{status, text: right},
	]),
];

const noRemedy = /^(restart|recover|purge)$/;
const claims = /\b(missing|gone|vanished|is down|unhealthy|not among)\b/;

describe('the monitoring port', () => {
	const pages = {
		'/healthz': '{"status":"ok"}',
		'/varz': JSON.stringify({
			server_name: 'titan-nats',
			version: '2.15.1',
			connections: 5,
			max_connections: 65_536,
		}),
		'/jsz': JSON.stringify({memory: 0, storage: 5_242_880, config: {max_memory: 1e9, max_storage: 1e9}}),
		'/connz': JSON.stringify({num_connections: 1, total: 1, connections: [{ip: '172.18.0.3'}]}),
	};
	const isMonitor = (one: Observation): boolean =>
		isSource('monitor')(one) || ['healthz', 'varz', 'jsz', 'connz'].includes(one.kind);
	const look = async (damaged: Record<string, Answer>) => {
		const texts = Object.entries(pages).map(([path, text]) => [path, {text}] as const);
		const url = await serve({...Object.fromEntries(texts), ...damaged});
		const seen = await watchUntil(
			(emit, signal) => watchMonitor(url, emit, signal),
			(all) =>
				all.some((one) => one.kind === 'source' && one.status === 'down') ||
				['varz', 'jsz', 'connz'].every((of) => all.some((one) => one.kind === 'reading' && one.of === of)),
		);
		return told(seen, isMonitor);
	};

	test('is ok when it is well', async () => {
		for (const {findings, status} of await look({})) {
			expect(findings).toEqual([]);
			expect(status).toBe('ok');
		}
	});

	describe.each(Object.entries(pages))('%s', (path, right) => {
		const other = path === '/varz' ? pages['/connz'] : pages['/varz'];
		test.each(pagesOf(right, other))('%s', async (_, answer) => {
			for (const {findings, status} of await look({[path]: answer})) {
				expect(status).toBe('unknown');
				for (const {title, evidence, runbook} of findings) {
					expect(`${title}: ${evidence}`).not.toMatch(claims);
					expect(runbook).toBeUndefined();
				}
			}
		});
	});
});

describe('the endpoints of the services', () => {
	const [brain] = config.health as [Config['health'][0]];
	const [sentinel] = config.metrics as [Config['metrics'][0]];
	const body = '{"components":[{"name":"nats","status":"healthy"}]}';
	const metrics = 'nats_lag_messages 0\nnats_storage_pressure_bytes 5242880\n';
	const json = '{"status":"ok"}';

	test.each(pagesOf(body, json))('health: %s', async (_, answer) => {
		const url = await serve({'/health': answer});
		const seen = await watchUntil(
			(emit, signal) => watchHealth({...brain, url: `${url}/health`}, emit, signal),
			(all) => all.some(isSource('health:brain')),
		);
		const isOf = (one: Observation): boolean =>
			isSource('health:brain')(one) || (one.kind === 'health' && one.name === 'brain');
		for (const {findings, status} of told(seen, isOf)) {
			expect(status).not.toBe('ok');
			expect(findings.every(({runbook}) => !noRemedy.test(runbook ?? ''))).toBe(true);
		}
	});

	test.each(pagesOf(metrics, json))('metrics: %s', async (_, answer) => {
		const url = await serve({'/metrics': answer});
		const seen = await watchUntil(
			(emit, signal) => watchMetrics({...sentinel, url: `${url}/metrics`}, emit, signal),
			(all) => all.some(isSource('metrics:sentinel')),
		);
		const isOf = (one: Observation): boolean => isSource('metrics:sentinel')(one) || one.kind === 'metrics';
		for (const {findings, status} of told(seen, isOf)) {
			expect(status).not.toBe('ok');
			expect(findings.every(({runbook}) => !noRemedy.test(runbook ?? ''))).toBe(true);
		}
	});
});

describe('the engine', () => {
	const labels = (service: string) => ({
		'com.docker.compose.project': 'titan',
		'com.docker.compose.service': service,
		'com.docker.compose.oneoff': 'False',
	});
	const pages: Record<string, string> = {
		'/version': JSON.stringify({Version: '28.5.1', ApiVersion: '1.51'}),
		'/containers/json': JSON.stringify(
			services.map((service) => ({Id: `${service}-id`, Labels: labels(service)})),
		),
		...Object.fromEntries(
			services.map((service) => [
				`/containers/${service}-id/json`,
				JSON.stringify({
					Id: `${service}-id`,
					Name: `/${service}`,
					RestartCount: 0,
					Config: {Image: service, Labels: labels(service)},
					State: {Status: 'running', Health: {Status: 'healthy', Log: []}},
					NetworkSettings: {Networks: {titan_default: {IPAddress: '172.18.0.2'}}},
				}),
			]),
		),
	};
	const look = async (damaged: Record<string, Answer>) => {
		const texts = Object.entries(pages).map(([path, text]) => [path, {text}] as const);
		const {hostname, port} = new URL(await serve({...Object.fromEntries(texts), ...damaged}));
		const client = openDocker({kind: 'tcp', host: hostname, port: Number(port), describe: 'tcp://test'});
		const seen = await watchUntil(
			(emit, signal) => watchContainers(client, 'titan', emit, signal),
			(all) => all.some(isSource('docker')),
		);
		return told(seen, (one) => isSource('docker')(one) || ['containers', 'engine'].includes(one.kind));
	};

	test('is ok when it is well', async () => {
		for (const {findings, status} of await look({})) {
			expect(findings).toEqual([]);
			expect(status).toBe('ok');
		}
	});

	const list = '/containers/json';
	const one = '/containers/titan-nats-id/json';
	const others: Record<string, string> = {
		[list]: pages['/version']!,
		[one]: pages['/containers/titan-brain-id/json']!,
	};
	describe.each([list, one])('%s', (path) => {
		const cases = pagesOf(pages[path]!, others[path]!)
			// An empty list is a list, and a container that is not found is none: the engine's own word.
			.filter(([name]) => (path === list ? name !== 'an empty list' : !/^HTTP 404|lists null/.test(name)));
		test.each(cases)('%s', async (_, answer) => {
			for (const {findings, status} of await look({[path]: answer})) {
				expect(status).toBe('unknown');
				for (const {title, evidence, runbook} of findings) {
					expect(`${title}: ${evidence}`).not.toMatch(claims);
					expect(runbook).toBeUndefined();
				}
				expect(findings.map(({title}) => title).join()).toMatch(
					path === list ? /Docker/ : /titan-nats|Docker/,
				);
			}
		});
	});
});
