import type {NatsConnection} from 'nats';
import {readHealth} from '../clients/health.ts';
import {readMetrics} from '../clients/metrics.ts';
import {connectNats} from '../clients/nats/connection.ts';
import {consumerInfo, streamInfo} from '../clients/nats/jetstream.ts';
import {readHealthz} from '../clients/nats/monitor.ts';
import {namedServices} from '../diagnosis/questions.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatCount, plural} from '../text/count.ts';
import {formatElapsed} from '../text/duration.ts';
import type {RunContext} from './context.ts';

/** One thing that is to be proved. `test` is called until it holds; it gets the milliseconds since the first call. */
export type Check = {
	name: string;
	test(elapsedMs: number): Promise<{ok: boolean; evidence: string}>;
	close?(): Promise<void>;
};

// A deployment whose producers are silent can't show a movement; after this long its standing still is evidence.
const idleAfterMs = 5000;
// How long a check waits for one answer, so that it is tried several times within the deadline.
const answerMs = 2000;

/** The verification of the runbook for this deployment: its last chapter, a named check a line. */
export function makeChecks(context: RunContext): Check[] {
	const {config, signal} = context;
	const nats = sharedConnection(context);
	return [
		containersCheck(context),
		...(config.nats.monitor === undefined ? [] : [healthzCheck(config.nats.monitor, signal)]),
		streamCheck(context, nats),
		consumerCheck(context, nats),
		...(context.memory.purge ? [purgeCheck(context, nats, context.memory.purge)] : []),
		...config.health.map(
			(endpoint): Check => ({
				name: `${endpoint.name} ${endpoint.label ?? ''} healthy`.replace('  ', ' '),
				async test() {
					const {status, detail, httpStatus, elapsedMs} = await readHealth(endpoint, signal, answerMs);
					const http = httpStatus === undefined ? '' : `HTTP ${httpStatus}, `;
					return {ok: status === 'healthy', evidence: `${detail} (${http}${formatElapsed(elapsedMs)})`};
				},
			}),
		),
		...config.metrics.map(
			(endpoint): Check => ({
				name: `${endpoint.lag} flows`,
				async test() {
					const {status, detail, lagMessages} = await readMetrics(endpoint, signal, answerMs);
					const ok = status === 'ok';
					return {
						ok,
						evidence: ok ? `${endpoint.lag} ${formatCount(lagMessages)} at ${endpoint.url}` : detail,
					};
				},
			}),
		),
	];
}

function containersCheck({docker, config, memory}: RunContext): Check {
	return {
		name: 'containers running and healthy',
		async test() {
			const containers = await docker.list(config.docker.project);
			const named = new Set(namedServices(config));
			const there = new Set(containers.map(({service}) => service));
			const missing = [...named].filter((service) => !there.has(service));
			const wrong = containers.filter(
				({service, status, health, exitCode, networks}) =>
					// A container that did its work and ended well, such as a migration, is as it should be.
					!(status === 'exited' && exitCode === 0 && !named.has(service) && !memory.stopped?.has(service)) &&
					(status !== 'running' || health === 'unhealthy' || health === 'starting' || networks.length === 0),
			);
			const healthy = containers.filter(({health}) => health === 'healthy').length;
			const running = containers.filter(({status}) => status === 'running').length;
			return wrong.length > 0 || missing.length > 0 || containers.length === 0
				? {
						ok: false,
						evidence:
							[
								...missing.map((service) => `${service} missing`),
								...wrong.map(
									({service, status, health, networks}) =>
										`${service} ${status}${health === 'none' ? '' : ` ${health}`}${networks.length === 0 ? ' without a network' : ''}`,
								),
							].join(', ') || 'no container',
					}
				: {ok: true, evidence: `${running} running, ${healthy} healthy by their own check`};
		},
	};
}

function healthzCheck(monitor: string, signal: AbortSignal): Check {
	return {
		name: '/healthz ok',
		async test() {
			const {status, error, elapsedMs} = await readHealthz(monitor, signal, answerMs);
			return {
				ok: status === 'ok',
				evidence: status === 'ok' ? `ok in ${formatElapsed(elapsedMs)}` : `${status}: ${error}`,
			};
		},
	};
}

type Shared = {get(): Promise<NatsConnection>; close(): Promise<void>};

/** One connection for all checks, made again when it was lost. */
function sharedConnection({config, env}: RunContext): Shared {
	let open: Promise<NatsConnection> | undefined;
	return {
		async get() {
			const current = open;
			const connection = await current?.catch(() => undefined);
			// Checks run side by side: whoever comes second takes the connection that the first one makes.
			if (open === current && (connection === undefined || connection.isClosed())) {
				open = connectNats(config.nats, env);
			}
			return open!;
		},
		async close() {
			await open?.then((connection) => connection.close()).catch(() => {});
		},
	};
}

function streamCheck({config}: RunContext, nats: Shared): Check {
	return {
		name: `${config.stream} answers`,
		async test() {
			const {state} = await streamInfo(await nats.get(), config.stream, answerMs);
			return {
				ok: true,
				evidence: `${plural(state.messages, 'message')}, ${formatBytes(state.bytes)}, sequence ${state.first_seq} to ${state.last_seq}`,
			};
		},
		close: () => nats.close(),
	};
}

function consumerCheck({config}: RunContext, nats: Shared): Check {
	let first: {floor: number; lastSeq: number} | undefined;
	return {
		name: `${config.consumer} is there and its floor moves`,
		async test(elapsedMs) {
			const connection = await nats.get();
			const [consumer, stream] = await Promise.all([
				consumerInfo(connection, config.stream, config.consumer, answerMs),
				streamInfo(connection, config.stream, answerMs),
			]);
			const floor = consumer.ack_floor.stream_seq;
			const lastSeq = stream.state.last_seq;
			first ??= {floor, lastSeq};
			const backlog = `lag ${formatCount(consumer.num_pending)}, ack pending ${formatCount(consumer.num_ack_pending)}`;
			if (floor > first.floor) {
				return {
					ok: true,
					evidence: `floor ${first.floor} → ${floor} in ${formatElapsed(elapsedMs)}, ${backlog}`,
				};
			}
			const idle = lastSeq === first.lastSeq && consumer.num_pending === 0 && consumer.num_ack_pending === 0;
			return idle && elapsedMs > idleAfterMs
				? {ok: true, evidence: `everything is acknowledged, and nothing new came in ${idleAfterMs / 1000} s`}
				: {ok: false, evidence: `floor stands at ${floor}, ${backlog}`};
		},
	};
}

type Purged = NonNullable<RunContext['memory']['purge']>;

/** The count that a purge kept, from the sequences: publishers may have gone on meanwhile. */
export function keptEvidence(purge: Purged): {ok: boolean; evidence: string} {
	const {keep, firstSeq, lastSeqBefore, lastSeqAfter, messagesAfter, removed} = purge;
	if (keep === 'nothing') {
		const ok = firstSeq > lastSeqBefore;
		return {ok, evidence: `${plural(removed, 'message')} removed, the first sequence is ${firstSeq}`};
	}
	// What came between the two reads was kept too, whether it came before the purge or after it. Counted in
	// messages and not in sequences: a stream may have gaps.
	const ok = messagesAfter - (lastSeqAfter - lastSeqBefore) <= keep && keep <= messagesAfter;
	return {
		ok,
		evidence: ok
			? `exactly the last ${formatCount(keep)} were kept, from sequence ${firstSeq} on; ${formatCount(removed)} removed`
			: `${formatCount(messagesAfter)} messages are left from sequence ${firstSeq} on: not the last ${formatCount(keep)} of ${lastSeqBefore}`,
	};
}

function purgeCheck({config}: RunContext, nats: Shared, purge: Purged): Check {
	const {keep} = purge;
	const name =
		keep === 'nothing' ? `${config.stream} was emptied` : `the last ${formatCount(keep)} messages were kept`;
	return {
		name,
		async test(elapsedMs) {
			const kept = keptEvidence(purge);
			if (!kept.ok) {
				return kept;
			}
			const {state, config: limits} = await streamInfo(await nats.get(), config.stream, answerMs);
			const room = limits.max_bytes <= 0 || state.bytes < limits.max_bytes;
			if (state.last_seq > purge.lastSeqAfter) {
				return {ok: true, evidence: `${kept.evidence}; publishing works, sequence ${state.last_seq} is in`};
			}
			return room && elapsedMs > idleAfterMs
				? {ok: true, evidence: `${kept.evidence}; nobody published in ${idleAfterMs / 1000} s`}
				: {ok: false, evidence: `${kept.evidence}; nothing published yet`};
		},
	};
}
