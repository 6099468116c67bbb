import {isCluster, nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {DeploymentState} from '../state/types.ts';
import {
	aheadSince,
	anyNode,
	dependencies,
	disagreeing,
	endOf,
	endpoint,
	endpointsOf,
	keepers,
	leftBy,
	ofCluster,
	ofConsumers,
	ofService,
	otherCluster,
	serverRules,
} from './cause-groups.ts';
import {consumingService} from './consuming-service.ts';
import type {Symptom} from './finding.ts';
import {engineRefuses, isAboutNats} from './questions.ts';
import {splitId} from './symptom-id.ts';

/** Who is not let in says that he is not connected. */
const refusals = ['nats-auth', 'connections:*'];

/**
The ids of what would explain a symptom, the best first; `<rule>:*` is any symptom of the rule. Whether any of
them is there is not asked here.
*/
export function causesOf(symptom: Symptom, state: DeploymentState, config: Config): string[] {
	return [...impostors(splitId(symptom.id).rule, config), ...ownCauses(symptom, state, config)];
}

/**
What is read of a server says nothing of this deployment where that server is another one, and no runbook must be offered
for it.
*/
function impostors(rule: string, {nats}: Config): string[] {
	const byUrl = `server-impostor:${nats.service}`;
	// The same server mostly answers at both ports.
	if (rule === 'server-impostor') {
		return [byUrl];
	}
	if (/^(stream|consumer|upstream|rtt)-?/.test(rule)) {
		return [byUrl];
	}
	return /^(storage|nats|jetstream|connections|slow-consumers|node|quorum|split)(-|$)/.test(rule)
		? [byUrl, 'server-impostor:*']
		: [];
}

function ownCauses(symptom: Symptom, state: DeploymentState, config: Config): string[] {
	const {rule, subject} = splitId(symptom.id);
	// In a crash loop it is up for a moment each time, and what follows from it is not over then.
	const server = isCluster(config)
		? serverRules
		: [...serverRules, `container-crash-loop:${config.nats.service}`];
	const stream = [`stream-missing:${config.stream}`, `stream-full:${config.stream}`];
	const silentStream = [`stream-offline:${config.stream}`, `stream-leaderless:${config.stream}`];
	const watched = `${config.stream}/${config.consumer}`;
	const reader = (consumer: string): string[] => ofService(consumingService(consumer, state, config));
	const isNats = (name: string): boolean =>
		config.health.some((candidate) => candidate.name === name && isAboutNats(candidate));
	// The published ports go with the engine, but not where it only turns this user away.
	const engine = engineRefuses(state) ? [] : ['engine-unreachable'];

	switch (rule) {
		case 'nats-down':
		case 'nats-unreached':
			return [
				'project-missing',
				...endOf(config.nats.service),
				`container-detached:${config.nats.service}`,
				`port-dead:${config.nats.service}`,
				...engine,
			];
		case 'quorum-lost':
			return ['project-missing'];
		case 'node-down':
			return [
				'project-missing',
				'quorum-lost',
				// One that only the system account knows may be in this project all the same.
				`container-down:${subject}`,
				`disk:${subject}`,
				...endOf(subject),
				`container-detached:${subject}`,
				...ofCluster(subject, state),
				`route-partitioned:${subject}`,
				...engine,
			];
		case 'split-brain':
			return symptom.id === otherCluster ? ['route-partitioned:*'] : [otherCluster, 'route-partitioned:*'];
		case 'route-partitioned':
			return subject.split('|').map((service) => `container-detached:${service}`);
		case 'stream-offline':
		case 'stream-leaderless':
		case 'consumer-leaderless':
			return [...server, ...keepers(subject, state), ...anyNode];
		case 'replica-behind':
			return [
				...server,
				...ofCluster(subject, state),
				`node-down:${subject}`,
				`route-partitioned:${subject}`,
			];
		case 'nats-auth':
		case 'jetstream-off':
		case 'rtt-slow':
			return server.filter((id) => id !== rule);
		case 'container-down':
			return [
				'project-missing',
				`server-impostor:${subject}`,
				...leftBy(subject, state),
				...endOf(subject),
				...engine,
			];
		case 'container-detached':
			return engine;
		case 'container-unhealthy':
			return [
				...engine,
				...dependencies(subject, state, config),
				...endpointsOf(subject, config),
				// A publisher that is refused says so in its own health check.
				...(nodeServices(config).includes(subject) ? [`node-down:${subject}`] : stream),
			];
		case 'container-restarted':
			return [
				`container-down:${subject}`,
				...endOf(subject),
				`node-down:${subject}`,
				...(subject === config.nats.service ? server : []),
			];
		case 'container-oom':
			return [`container-crash-loop:${subject}`];
		case 'container-memory':
			return endOf(subject);
		case 'port-dead':
			return engine;
		case 'nats-unhealthy':
			return ['disk'];
		case 'stream-began':
		case 'stream-removed':
			return [
				...aheadSince(subject, symptom.beganAt, state),
				...(rule === 'stream-removed' ? [`stream-began:${subject}`] : []),
			];
		case 'stream-silent':
			return [
				...server,
				`stream-full:${subject}`,
				'container-down:*',
				'container-detached:*',
				'container-crash-loop:*',
			];
		case 'stream-filling':
			return [
				...server,
				...ofConsumers(subject, state).flatMap((name) => [
					`consumer-stalled:${subject}/${name}`,
					`consumer-idle:${subject}/${name}`,
					`consumer-paused:${subject}/${name}`,
				]),
			];
		case 'stream-vanished':
			// Of a server that is away nobody says at once which streams it holds alone.
			return [...server, `stream-offline:${subject}`, ...anyNode];
		case 'consumer-vanished':
			return [...server, `stream-began:${subject.slice(0, subject.indexOf('/'))}`, ...anyNode];
		case 'upstream':
			return [...server, `stream-vanished:${subject.slice(subject.indexOf('/') + 1)}`];
		case 'stream-missing':
			return server;
		case 'unread':
			return [...server, ...refusals, ...anyNode];
		case 'consumer-missing':
			return [...server, ...reader(config.consumer)];
		case 'consumer-ahead':
			return server;
		case 'consumer-stalled':
		case 'consumer-idle':
		case 'consumer-redelivery':
		case 'consumer-threshold':
		case 'consumer-lag':
		case 'consumer-growing': {
			const stalled = ['stalled', 'idle', 'paused']
				.map((kind) => `consumer-${kind}:${subject}`)
				.filter((id) => id !== symptom.id && rule !== 'consumer-stalled');
			const consumer = subject.slice(subject.indexOf('/') + 1);
			return [
				...server,
				...reader(consumer),
				...disagreeing(consumingService(consumer, state, config), config),
				`consumer-ahead:${subject}`,
				...stalled,
			];
		}
		case 'health-unreachable':
			return [
				...engine,
				...ofService(endpoint(config.health, subject)?.service),
				...(isNats(subject) ? [...server, ...anyNode] : []),
			];
		case 'health-unhealthy':
			return [
				...ofService(endpoint(config.health, subject)?.service),
				...(isNats(subject)
					? [
							...server,
							...refusals,
							...stream,
							...silentStream,
							`consumer-missing:${watched}`,
							`health-disagrees:${subject}`,
							...anyNode,
						]
					: []),
			];
		case 'health-slow':
		case 'health-disagrees':
			return [
				...ofService(endpoint(config.health, subject)?.service),
				...server,
				// Who is refused says that he is not well, and is connected.
				...(rule === 'health-disagrees' ? [...stream, `consumer-missing:${watched}`] : []),
			];
		case 'metrics-disagree':
		case 'metrics-stale':
			return [...ofService(endpoint(config.metrics, subject)?.service), ...server];
		case 'metrics-unreachable':
			return [...engine, ...ofService(endpoint(config.metrics, subject)?.service), ...server];
		case 'metrics-missing':
			return [
				...ofService(endpoint(config.metrics, subject)?.service),
				...server,
				...refusals,
				...stream,
				...silentStream,
				`consumer-missing:${watched}`,
				...anyNode,
			];
		case 'metrics-lag':
			return [
				...server,
				...reader(config.consumer),
				...['ahead', 'paused', 'stalled', 'idle', 'lag', 'growing'].map(
					(kind) => `consumer-${kind}:${watched}`,
				),
				`metrics-disagree:${subject}`,
			];
		case 'metrics-storage':
			return [`stream-full:${config.stream}`, `storage:${config.stream}`, ...server];
		case 'log-signature':
			return [
				...server,
				...refusals,
				...ofService(subject.slice(0, subject.indexOf('/'))),
				...disagreeing(subject.slice(0, subject.indexOf('/')), config),
				...stream,
				...reader(config.consumer),
				'container-detached:*',
				'container-down:*',
				...nodeServices(config).map((service) => `container-restarted:${service}`),
				...anyNode,
			];
		case 'source-unknown':
			return ofSource(subject, state, config);
		default:
			return [];
	}
}

function ofSource(source: string, state: DeploymentState, config: Config): string[] {
	const {rule: kind, subject: name} = splitId(source);
	switch (kind) {
		case 'docker':
			return ['engine-unreachable'];
		case 'nats':
			return [
				...serverRules,
				...refusals,
				`node-down:${config.nats.service}`,
				...anyNode,
				// Whoever is just started is not there yet.
				...nodeServices(config).map((service) => `container-restarted:${service}`),
			];
		case 'monitor':
			return [...serverRules, `node-down:${config.nats.service}`, `port-dead:${config.nats.service}`];
		case 'system':
			return [...serverRules, 'connections:*', ...anyNode];
		case 'node':
			return [`node-down:${name}`, `port-dead:${name}`];
		case 'health':
			return causesOf({id: `health-unreachable:${name}`} as Symptom, state, config);
		case 'metrics':
			return causesOf({id: `metrics-unreachable:${name}`} as Symptom, state, config);
		case 'logs':
			return [
				'engine-unreachable',
				...ofService(name),
				`node-down:${name}`,
				...(name === config.nats.service ? serverRules : []),
			];
		default:
			return [];
	}
}
