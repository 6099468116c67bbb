import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import {isDetached} from '../../state/service.ts';
import type {DeploymentState} from '../../state/types.ts';
import type {Symptom} from '../finding.ts';
import {engineIsDown, graceMs, lastLogLine, missingServices, natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {containerEvidence, containerSince, forAge, list} from '../words.ts';

/** So long neither /healthz nor any other request was answered, beside the time that the first one waited. */
const hungAfterMs = 1000;

/**
The server is down, paused or hung. Fused from the container, the TCP connection and /healthz, because none
of them alone tells: the container shows a kill first, the connection a crash, and a stopped process (SIGSTOP)
keeps both up and answers nobody.
*/
export const rule: Rule = {
	id: 'nats-down',
	title: 'NATS is down',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		'The server is down, paused or hung. Fused from its container, the connection and /healthz, because none of them alone tells.',
	evidence: "the container's state or exit code, the error, for how long",
	remedy: 'restart (R); unpause it where somebody paused it',
	avoid: 'Purge: nobody answers, and a purge that is sent to a frozen server runs when it thaws.',
	worse: ['purge'],
	check(state, config, now) {
		// One server of a cluster is not NATS: see node-down and quorum-lost.
		if (isCluster(config)) {
			return [];
		}
		const found =
			byContainer(state, config, now) ?? byConnection(state, config, now) ?? byHealth(state, config, now);
		if (!found) {
			return [];
		}
		const isCutOff = isOffNetwork(state, config);
		return [
			{
				id: 'nats-down',
				severity: 'critical',
				...found,
				// A restart does not bring a network back that was taken away.
				...(!isCutOff && {runbook: 'restart' as const}),
			},
		];
	},
};

type Found = Pick<Symptom, 'title' | 'evidence' | 'advice' | 'beganAt'>;

function byContainer(state: DeploymentState, config: Config, now: number): Found | undefined {
	const name = config.nats.service;
	const service = own(state.services, name);
	if (engineIsDown(state) || service?.status === 'running') {
		return undefined;
	}
	if (!service || service.status === 'missing') {
		// A server that answers is not in this project: see container-down.
		return missingServices(state, config).includes(name) && !natsAnswers(state)
			? {title: `${name} is down`, evidence: containerEvidence(service, now), beganAt: service?.statusSince}
			: undefined;
	}
	const said = ['exited', 'restarting'].includes(service.status) && service.exitCode !== 0;
	const evidence = list(containerEvidence(service, now), said && lastLogLine(state, name));
	return service.status === 'paused'
		? {title: `${name} is paused`, evidence, advice: 'or unpause it', beganAt: service.statusSince}
		: {title: `${name} is down`, evidence, beganAt: containerSince(service)};
}

function byConnection(state: DeploymentState, config: Config, now: number): Found | undefined {
	const {connection, healthz} = state.nats;
	const isLost =
		connection.status === 'disconnected' ||
		(connection.status === 'connecting' &&
			(connection.error !== undefined ||
				now - connection.since >= graceMs ||
				// Two that wait in vain at the same time need no third: one look must be enough to tell.
				healthz?.status === 'unreachable'));
	// An answer from after the loss says that the server lives, and it is only the connection that is not there.
	const answersSince = healthz && healthz.status !== 'unreachable' && healthz.at > connection.since;
	const hasNoSign = connection.status === 'connecting' && healthz?.status !== 'unreachable';
	if (!isLost || answersSince || hasNoSign) {
		return undefined;
	}
	const healthzError = healthz?.status === 'unreachable' ? healthz.error : undefined;
	return words(state, config, now, {
		isHung: /no answer|timed? ?out/i.test(healthzError ?? connection.error ?? ''),
		reason: healthzError === undefined ? connection.error : `healthz: ${healthzError}`,
		// A server that hangs is silent before the connection is given up.
		since: healthz?.status === 'unreachable' ? Math.min(healthz.since, connection.since) : connection.since,
	});
}

function byHealth(state: DeploymentState, config: Config, now: number): Found | undefined {
	const {connection, healthz, account} = state.nats;
	if (
		connection.status !== 'connected' ||
		healthz?.status !== 'unreachable' ||
		now - healthz.since < hungAfterMs
	) {
		return undefined;
	}
	const aliveAt = Math.max(connection.since, connection.rttAt ?? 0, state.streamsAt ?? 0, account?.at ?? 0);
	// Where NATS itself answers, only the monitoring port is away: see source-unknown.
	return aliveAt >= healthz.since
		? undefined
		: words(state, config, now, {
				isHung: true,
				reason: `healthz: ${healthz.error ?? 'no answer'}`,
				since: aliveAt,
			});
}

function words(
	state: DeploymentState,
	config: Config,
	now: number,
	{isHung, reason, since}: {isHung: boolean; reason: string | undefined; since: number},
): Found {
	const runs = !engineIsDown(state) && own(state.services, config.nats.service)?.status === 'running';
	return {
		title: `${config.nats.service} ${isHung ? 'does not answer' : 'is down'}`,
		evidence: list(runs && 'container running', reason, forAge(since, now)) || 'not connected',
		beganAt: since,
	};
}

function isOffNetwork(state: DeploymentState, config: Config): boolean {
	const service = own(state.services, config.nats.service);
	return service !== undefined && isDetached(service);
}
