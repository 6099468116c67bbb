import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import {isDetached} from '../../state/service.ts';
import type {DeploymentState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import type {Symptom} from '../finding.ts';
import {catchUpMs, electionMs, hasMajority, lookAtNodes, type NodeLook, silentStreams} from '../nodes.ts';
import {isAboutNats, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';
import {remedyOf} from './nats-unhealthy.ts';

/**
One server of a cluster is down, paused, hung, booting, cut off or unhealthy. The others go on without it, so it is a
warning, unless a stream has no majority without it.
*/
export const rule: Rule = {
	id: 'node-down',
	title: 'A server of the cluster is down',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		'One server of the cluster is down, paused, hung, booting, cut off or unhealthy. The others go on: it is critical only where a stream has too few servers left, or a service cannot reach NATS for longer than an election takes.',
	evidence: "the container's state or exit code, or /healthz, for how long; the streams that it takes along",
	remedy:
		'restart (R) starts it, and leaves those alone that are well; a booting one is waited for; one that only the system account knows is started on its own host',
	avoid: 'Restart another server before this one is back: two of three that are away are the majority.',
	check(state, config, now) {
		// Of a server that is configured alone nats-down tells.
		return lookAtNodes(state, config, now)
			.filter(({remote}) => remote || isCluster(config))
			.flatMap((node) => symptomOf(node, state, config, now));
	},
};

function symptomOf(node: NodeLook, state: DeploymentState, config: Config, now: number): Symptom[] {
	const {service, status, evidence, error, since, byRun} = node;
	const words: Partial<Record<NodeLook['status'], string>> = {
		down: 'is down',
		paused: 'is paused',
		hung: 'does not answer',
		booting: 'is booting',
		unhealthy: 'is unhealthy',
	};
	const isCutOff = status === 'unhealthy' && noContact.test(error ?? '');
	const verb = isCutOff ? 'is cut off from the other servers' : words[status];
	const heldMs = status !== 'unhealthy' ? 0 : isCutOff ? contactMs : catchUpMs;
	if (verb === undefined || now - (since ?? now) < heldMs) {
		return [];
	}
	if (status === 'unhealthy' && /meta leader/i.test(error ?? '') && !knowsLeader(state, config, now)) {
		// Nobody knows one: that is an election, or quorum-lost.
		return [];
	}
	const id = `node-down:${service}`;
	if (byRun) {
		const by = `by a run that goes on: ${state.run?.title}`;
		return [{id, severity: 'warning', title: `${service} is being restarted`, evidence: by, beganAt: since}];
	}
	const taken = withoutMajority(node, state, config, now);
	const cutOff = cutOffServices(state, config, now);
	return [
		{
			id,
			severity: taken.length > 0 || cutOff.length > 0 ? 'critical' : 'warning',
			title: `${service} ${verb}`,
			evidence: list(
				evidence,
				taken.length > 0 && `${named(taken)} cannot be written without it`,
				cutOff.length > 0 && `${named(cutOff)} cannot reach NATS`,
			),
			...remedy(node, error, config, state),
			beganAt: since,
		},
	];
}

/** It runs and hears of no leader, while the others have one: packets are lost between them, whatever routes there are. */
const noContact = /not established contact with a meta leader/i;

/** A server that was started hears of its leader within a second or two. */
const contactMs = 5000;

const knowsLeader = (state: DeploymentState, config: Config, now: number): boolean =>
	lookAtNodes(state, config, now).some(({view}) => view?.meta?.leader !== undefined);

function remedy(
	{service, status, remote}: NodeLook,
	error: string | undefined,
	config: Config,
	state: DeploymentState,
): Pick<Symptom, 'runbook' | 'advice'> {
	if (remote && status !== 'booting' && !noContact.test(error ?? '')) {
		const isThere = status === 'unhealthy' || status === 'hung';
		return {advice: isThere ? `read the log of ${service}` : `start ${service} on its host`};
	}
	switch (status) {
		case 'booting':
			return {advice: 'wait, do not restart it'};
		case 'unhealthy':
			return noContact.test(error ?? '')
				? {advice: `look at the network between ${service} and the others`}
				: remedyOf(error ?? '', config.stream, service);
		case 'paused':
			return {runbook: 'restart', advice: 'or unpause it'};
		default: {
			// A restart does not bring a network back that was taken away.
			const container = own(state.services, service);
			return container && isDetached(container) ? {} : {runbook: 'restart'};
		}
	}
}

/** The streams that need this server for their majority: those of which it is one of the last. */
function withoutMajority(node: NodeLook, state: DeploymentState, config: Config, now: number): string[] {
	if (node.status === 'unhealthy') {
		return [];
	}
	const nodes = lookAtNodes(state, config, now);
	const lost = new Set(
		nodes.filter(({status}) => ['down', 'paused', 'hung', 'booting'].includes(status)).map(({name}) => name),
	);
	const silent = silentStreams(state).filter(({stream}) => stream === undefined);
	return [
		...presentStreams(state, config)
			.filter(
				({cluster, numReplicas}) =>
					cluster !== undefined &&
					[cluster.leader, ...cluster.replicas.map(({name}) => name)].includes(node.name) &&
					!hasMajority(cluster, numReplicas, lost),
			)
			.map(({name}) => name),
		// One that was never seen before may be anybody's.
		...silent.map(({name}) => name),
	];
}

/** Services that have said for longer than an election that they do not reach NATS. */
const cutOffServices = (state: DeploymentState, config: Config, now: number): string[] =>
	config.health
		.filter(isAboutNats)
		.filter(({name}) => {
			const health = own(state.health, name);
			return health?.status === 'unhealthy' && now - health.since >= electionMs;
		})
		.map(({name, service}) => service ?? name);

const named = (names: string[]): string =>
	names.length <= 2 ? names.join(' and ') : `${names[0]} and ${plural(names.length - 1, 'more', 'more')}`;
