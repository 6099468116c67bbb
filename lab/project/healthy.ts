import {setTimeout as sleep} from 'node:timers/promises';
import type {StreamInfo} from 'nats';
import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import {LabError} from '../run.ts';
import {type ContainerState, containerStates} from './docker.ts';
import {DURABLE, STREAM, streamFigures, withNats} from './stream.ts';
import {containersOf, serversOf, topologyOf} from './topology.ts';

/** A consumer this far behind, or a stream this full (share of max_bytes), is not a healthy lab. */
const MOST_LAG = 50;
const MOST_FULL = 0.6;

/**
 * Everything that keeps the deployment from being healthy, in words; empty when it is healthy:
 * containers and their health checks, the pages a person reads, the stream and its consumer.
 */
export async function complaints(place: Place, engine: Engine): Promise<string[]> {
	const [states, pages, stream] = await Promise.all([
		containerStates(engine, containersOf(place)),
		badPages(place),
		badStream(place),
	]);
	return [...states.flatMap(badContainer), ...pages, ...stream];
}

/**
 * Waits until nothing is wrong with the deployment.
 * @param timeoutMs milliseconds
 * @throws LabError with what is still wrong then
 */
export async function waitHealthy(
	place: Place,
	engine: Engine,
	progress: Progress,
	timeoutMs = 60_000,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	let said = '';
	for (;;) {
		const list = await complaints(place, engine);
		if (list.length === 0) return;
		if (Date.now() > deadline) {
			throw new LabError(
				`The deployment did not become healthy in ${timeoutMs / 1000} s: ${list.join('; ')}. Look at "docker compose logs", or start over with "npm run lab -- down".`,
			);
		}
		const now = list.slice(0, 3).join('; ');
		if (now !== said) progress(`waiting: ${now}`);
		said = now;
		await sleep(200);
	}
}

function badContainer({name, status, health}: ContainerState): string[] {
	if (status !== 'running') return [`${name} is ${status}`];
	return health === '' || health === 'healthy' ? [] : [`${name} is ${health}`];
}

async function badPages(place: Place): Promise<string[]> {
	const pages: ReadonlyArray<readonly [string, string, RegExp]> = [
		...serversOf(place).map(
			({name, monitor}) => [name, `http://127.0.0.1:${monitor}/healthz`, /"ok"/] as const,
		),
		['brain', 'http://127.0.0.1:3100/health', /"status":"healthy"/],
		['execution', 'http://127.0.0.1:8081/health', /"status":"healthy"/],
		['sentinel', 'http://127.0.0.1:3002/metrics', /^titan_nats_up 1\n[\s\S]*^nats_lag_messages\{/m],
	];
	const results = await Promise.all(
		pages.map(async ([name, url, wanted]) => {
			try {
				const response = await fetch(url, {signal: AbortSignal.timeout(2000)});
				const text = await response.text();
				return response.ok && wanted.test(text) ? [] : [`${name} answers ${response.status} on ${url}`];
			} catch {
				return [`${name} does not answer on ${url}`];
			}
		}),
	);
	return results.flat();
}

async function badStream(place: Place): Promise<string[]> {
	try {
		return await withNats(place, async (_nc, jsm) => {
			const {lag, ackPending, bytes, maxBytes} = await streamFigures(jsm);
			const list: string[] = [];
			if (lag > MOST_LAG) list.push(`${DURABLE} lags ${lag} messages`);
			if (ackPending > MOST_LAG) list.push(`${DURABLE} has ${ackPending} messages unacknowledged`);
			if (bytes > maxBytes * MOST_FULL) list.push(`${STREAM} holds ${bytes} of ${maxBytes} bytes`);
			if (topologyOf(place) === 'cluster') {
				const {cluster} = await jsm.streams.info(STREAM);
				const consumer = await jsm.consumers.info(STREAM, DURABLE);
				list.push(...badGroup(STREAM, cluster), ...badGroup(DURABLE, consumer.cluster));
			}
			return list;
		});
	} catch (error) {
		return [`JetStream does not answer (${(error as Error).message})`];
	}
}

/** What is wrong with the servers that hold a stream or a consumer together. */
function badGroup(name: string, cluster: StreamInfo['cluster']): string[] {
	const replicas = cluster?.replicas ?? [];
	const list = cluster?.leader ? [] : [`${name} has no leader`];
	if (replicas.length < 2) list.push(`${name} is on ${replicas.length + 1} servers`);
	const behind = replicas.filter((replica) => replica.offline || !replica.current);
	return [...list, ...behind.map((replica) => `${name} is not current on ${replica.name}`)];
}
