import type {Finding} from '../../diagnosis/finding.ts';
import {doNot, ruleOf} from '../../diagnosis/rules.ts';
import {type ClusterState, isBehind, type ReplicaState, replicaSeenMs} from '../../state/cluster.ts';
import {containerWords} from '../../state/project.ts';
import {isBlind} from '../../state/reading.ts';
import {isDoneJob} from '../../state/service.ts';
import type {ConsumerState, ServiceState, StreamState} from '../../state/types.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatCount, formatRate, plural} from '../../text/count.ts';
import {formatAge, formatElapsed, formatTimeOfDay} from '../../text/duration.ts';
import type {Model} from '../model.ts';
import {originFacts} from '../origin.ts';
import {offerOf} from '../runbooks.ts';
import type {Fact} from './fact.ts';

/** A time of day with its age. */
export const ago = (at: number | undefined, now: number): string | undefined =>
	at === undefined ? undefined : `${formatTimeOfDay(at)}, ${formatAge(now - at)} ago`;

const list = (texts: string[]): string => texts.join(', ') || 'none';

const limit = (value: number, format: (value: number) => string): string =>
	value > 0 ? format(value) : 'unlimited';

/** What is known of a service. */
export function serviceFacts(service: ServiceState, {snapshot}: Model): Fact[] {
	const {now, state} = snapshot;
	const {stats} = service;
	const oneOffs = (state.project?.oneOffs ?? []).filter((one) => one.service === service.service);
	return [
		['service', service.service],
		['container', `${service.containerName || 'none'}  ${service.containerId.slice(0, 12)}`],
		['image', service.image || 'unknown'],
		[
			'replica',
			isReplica(service) ? `number ${service.number} of service ${service.composeService}` : undefined,
		],
		['status', `${service.status} since ${ago(service.statusSince, now)}`],
		['health', service.health === 'none' ? 'the container has no health check' : service.health],
		['health check said', service.healthOutput],
		['started', ago(service.startedAt, now)],
		['finished', service.status === 'running' ? undefined : ago(service.finishedAt, now)],
		[
			'exit code',
			service.status === 'running' || service.status === 'missing'
				? undefined
				: `${service.exitCode}${service.oomKilled ? ', out of memory' : ''}${isDoneJob(service) ? ': a completed job, which nothing starts again' : ''}`,
		],
		['restart policy', service.restartPolicy],
		['restarts by policy', formatCount(service.restarts)],
		[
			'processor',
			stats?.cpuPercent === undefined ? undefined : `${stats.cpuPercent.toFixed(1)} % of one core`,
		],
		['memory', stats && `${formatBytes(stats.memoryBytes)} of ${limit(stats.memoryLimitBytes, formatBytes)}`],
		[
			'stop grace period',
			service.stopTimeoutSeconds === undefined ? undefined : `${service.stopTimeoutSeconds} s`,
		],
		['depends on', list(service.dependsOn)],
		['networks', list(service.networks)],
		['ports', list(service.ports)],
		...oneOffs.map(
			(one): Fact => ['one-off', `${containerWords(one)}, of docker compose run: not this service`],
		),
		['seen', ago(service.at, now)],
	];
}

const isReplica = ({service, composeService}: ServiceState): boolean =>
	composeService !== undefined && service !== composeService;

/**
The servers that keep a stream or a consumer, as `nats stream report` marks them: `*` leads, `!` is offline or not
current.
*/
function replicaWords({leader, replicas}: ClusterState, wanted?: number): string {
	const rows = [
		...(leader === undefined ? [] : [{name: leader, text: `${leader}*`}]),
		...replicas.map((replica) => ({
			name: replica.name,
			text: isBehind(replica) ? `${replica.name}! (${behindWords(replica)})` : replica.name,
		})),
	].sort((a, b) => a.name.localeCompare(b.name));
	const missing = wanted === undefined ? 0 : wanted - rows.length;
	return list([...rows.map(({text}) => text), ...(missing > 0 ? [`${missing} of ${wanted} missing`] : [])]);
}

function behindWords({offline, current, activeMs, lag}: ReplicaState): string {
	const parts = [
		...(offline ? ['offline'] : current ? [] : ['not current']),
		...(lag > 0 ? [`${formatCount(lag)} behind`] : []),
		...(activeMs > replicaSeenMs ? [`unseen for ${formatAge(activeMs)}`] : []),
	];
	return parts.join(', ');
}

/** What is known of a stream. */
export function streamFacts(stream: StreamState, now: number): Fact[] {
	return [
		['stream', stream.present ? stream.name : `${stream.name}, no longer there`],
		['subjects', list(stream.subjects)],
		['messages', `${formatCount(stream.messages)} of ${limit(stream.maxMessages, formatCount)}`],
		['bytes', `${formatBytes(stream.bytes, 1)} of ${limit(stream.maxBytes, formatBytes)}`],
		[
			'sequences',
			`${formatCount(stream.firstSeq)} to ${formatCount(stream.lastSeq)}, ${formatCount(stream.numDeleted)} deleted between`,
		],
		['last message', ago(stream.lastAt, now)],
		['in', formatRate(stream.inPerSecond)],
		['removed', formatRate(stream.outPerSecond)],
		[
			'when full',
			stream.discard === 'new' ? 'new messages are refused (discard new)' : 'the oldest go (discard old)',
		],
		['storage', stream.storage],
		['leader', stream.cluster && (stream.cluster.leader ?? 'none')],
		['replicas', stream.cluster && replicaWords(stream.cluster, stream.numReplicas)],
		['sealed', stream.sealed ? 'yes' : 'no'],
		['purge', stream.denyPurge ? 'denied by the configuration (deny_purge)' : 'allowed'],
		['consumers', isBlind(stream.consumersReading) ? notRead(stream) : list(Object.keys(stream.consumers))],
		...Object.entries(stream.metadata).map(([name, value]): Fact => [name, value || ' ']),
		['seen', ago(stream.at, now)],
	];
}

/** What is known of a consumer. */
export function consumerFacts(consumer: ConsumerState, stream: string, now: number): Fact[] {
	return [
		['consumer', consumer.present ? consumer.name : `${consumer.name}, no longer there`],
		['stream', stream],
		[
			'kind',
			`${consumer.durable ? 'durable' : 'ephemeral'}, ${consumer.pull ? 'pull' : 'push'}${consumer.paused ? ', paused' : ''}`,
		],
		['lag', `${formatCount(consumer.lag)} never delivered, ${formatRate(consumer.lagPerSecond)}`],
		['delivered', formatRate(consumer.deliveredPerSecond)],
		[
			'unacknowledged',
			`${formatCount(consumer.ackPending)} of ${limit(consumer.maxAckPending, formatCount)}`,
		],
		['redelivered', formatCount(consumer.redelivered)],
		['waiting pulls', consumer.pull ? formatCount(consumer.waiting) : undefined],
		['last delivered', ago(consumer.lastDeliveredAt, now) ?? 'never'],
		['last acknowledged', ago(consumer.lastAckAt, now) ?? 'never'],
		['ack floor moved', ago(consumer.floorMovedAt, now)],
		['delivered up to', `stream sequence ${formatCount(consumer.deliveredStreamSeq)}`],
		['acknowledged up to', `stream sequence ${formatCount(consumer.ackFloorStreamSeq)}`],
		['lag last at zero', ago(consumer.lagZeroAt, now)],
		['replicas', consumer.cluster && replicaWords(consumer.cluster)],
		...Object.entries(consumer.metadata).map(([name, value]): Fact => [name, value || ' ']),
		['seen', ago(consumer.at, now)],
	];
}

/** What is known of an endpoint: `nats`, `health:<name>` or `metrics:<name>`. */
export function endpointFacts(id: string, model: Model): Fact[] | undefined {
	const {snapshot, config} = model;
	const {state, now} = snapshot;
	if (id === 'nats') {
		const {healthz, connection, varz, jsz, server} = state.nats;
		return [
			['healthz', healthz && `${healthz.status}${healthz.error ? `: ${healthz.error}` : ''}`],
			['since', ago(healthz?.since, now)],
			['answered in', formatElapsed(healthz?.elapsedMs)],
			...originFacts(model),
			['monitor', config.nats.monitor],
			[
				'connection',
				`${connection.status} ${connection.status === 'disconnected' ? 'from' : 'to'} ${connection.url}${connection.error ? `: ${connection.error}` : ''}`,
			],
			['reconnects', formatCount(connection.reconnects)],
			['server', server && `${server.name} ${server.version}`],
			['up since', ago(varz?.startedAt, now)],
			['connections', varz && `${formatCount(varz.connections)} of ${formatCount(varz.maxConnections)}`],
			['slow consumers', varz && formatCount(varz.slowConsumers)],
			[
				'messages in, out',
				varz && `${formatRate(varz.inMessagesPerSecond)}, ${formatRate(varz.outMessagesPerSecond)}`,
			],
			[
				'JetStream',
				jsz &&
					(jsz.enabled ? `${plural(jsz.streams, 'stream')}, ${plural(jsz.consumers, 'consumer')}` : 'off'),
			],
			[
				'file storage',
				jsz && `${formatBytes(jsz.storageBytes)} of ${limit(jsz.maxStorageBytes, formatBytes)}`,
			],
			['API errors', jsz && formatCount(jsz.apiErrors)],
			['seen', ago(healthz?.at, now)],
		];
	}
	const [kind, name = ''] = id.split(/:(.*)/s);
	const endpoint = kind === 'health' ? state.health[name] : state.metrics[name];
	if (!endpoint) {
		return undefined;
	}
	return [
		['endpoint', endpoint.name],
		['service', endpoint.service],
		['address', endpoint.url],
		['status', `${endpoint.status} since ${ago(endpoint.since, now)}`],
		['it says', endpoint.detail || ' '],
		['HTTP status', 'httpStatus' in endpoint ? String(endpoint.httpStatus) : undefined],
		['lag', 'lagMessages' in endpoint ? formatCount(endpoint.lagMessages) : undefined],
		['storage', 'storageBytes' in endpoint ? formatBytes(endpoint.storageBytes) : undefined],
		['answered in', formatElapsed(endpoint.elapsedMs)],
		['seen', ago(endpoint.at, now)],
	];
}

/** What is known of a finding, with those that it explains. */
export function findingFacts(id: string, findings: Finding[], {snapshot, config}: Model): Fact[] | undefined {
	const finding = findings.find((candidate) => candidate.id === id);
	if (!finding) {
		return undefined;
	}
	const offer = offerOf(finding.runbook, config);
	const rule = ruleOf(finding.id);
	const follows = findings.filter(({cause}) => cause === id);
	return [
		['finding', finding.title],
		['evidence', finding.evidence || ' '],
		['severity', finding.severity],
		['since', ago(finding.since, snapshot.now)],
		['caused by', findings.find((cause) => cause.id === finding.cause)?.title],
		['runbook', offer && `${offer.key}  ${offer.words}: ${offer.about}`],
		['advice', finding.advice],
		['it means', rule?.meaning],
		['mended by', rule?.remedy],
		['warning', doNot(finding.id)],
		['rule', finding.id],
		...(follows.length > 0 ? [['It explains', ''] as Fact] : []),
		...follows.map((symptom): Fact => [symptom.severity, `${symptom.title}: ${symptom.evidence}`]),
	];
}

/** Those that are known, and why it is not known whether there are others. */
function notRead({consumers, consumersReading}: StreamState): string {
	const known = Object.keys(consumers);
	const why = consumersReading?.error ?? 'not looked at yet';
	return known.length === 0 ? `unknown: ${why}` : `${list(known)}, the others are unknown: ${why}`;
}
