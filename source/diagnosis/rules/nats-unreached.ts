import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import {isDetached} from '../../state/service.ts';
import type {DeploymentState} from '../../state/types.ts';
import type {Symptom} from '../finding.ts';
import {engineIsDown, graceMs} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';
import {isDownByContainer} from './nats-down.ts';

/** So long nothing at all was heard of a server whose connection is up: three polls of the streams. */
const hungAfterMs = 3000;

/**
The console cannot reach the server, and its container runs. A port that is not published, a name that does not resolve, a
packet filter and a certificate look the same from here as a server that hangs, so it is not called down, and no restart is
offered before the engine's own check from inside the container fails, too.
*/
export const rule: Rule = {
	id: 'nats-unreached',
	title: 'NATS cannot be reached',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		"The server's container runs, but the console cannot reach the server. The finding is critical if the server answered this console before, or if its own health check fails. Otherwise the address may be wrong, and the server's state is unknown.",
	evidence: "the error, its duration, and the result of the container's own health check",
	remedy:
		'restart (R) if its own health check fails inside the container; otherwise correct the address, or check the network',
	avoid: 'Purge: nobody answers, and a purge that is sent to a frozen server runs when it thaws.',
	worse: ['purge'],
	check(state, config, now) {
		// One server of a cluster is not NATS: see node-down and quorum-lost.
		if (isCluster(config) || isDownByContainer(state, config)) {
			return [];
		}
		const found = byConnection(state, now) ?? byHealth(state, now);
		return found ? [symptom(found, state, config, now)] : [];
	},
};

type Found = {isHung: boolean; reason: string | undefined; since: number};

function byConnection({nats}: DeploymentState, now: number): Found | undefined {
	const {connection, healthz} = nats;
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
	return {
		isHung: isSilence(healthzError ?? connection.error),
		reason: healthzError === undefined ? connection.error : `healthz: ${healthzError}`,
		// A server that hangs is silent before the connection is given up.
		since: healthz?.status === 'unreachable' ? Math.min(healthz.since, connection.since) : connection.since,
	};
}

/** The connection is up, and neither /healthz nor any request was answered for a while. */
function byHealth({nats, streamsAt}: DeploymentState, now: number): Found | undefined {
	const {connection, healthz, account} = nats;
	const isSilent = healthz?.status === 'unreachable' && !healthz.answers && isSilence(healthz.error);
	if (connection.status !== 'connected' || !isSilent) {
		return undefined;
	}
	const aliveAt = Math.max(connection.since, connection.rttAt ?? 0, streamsAt ?? 0, account?.at ?? 0);
	// Where NATS itself answers, only the monitoring port is away: see source-unknown.
	return aliveAt >= healthz.since || now - aliveAt < hungAfterMs
		? undefined
		: {isHung: true, reason: `healthz: ${healthz.error ?? 'no answer'}`, since: aliveAt};
}

const isSilence = (error: string | undefined): boolean => /no answer|timed? ?out/i.test(error ?? '');

function symptom(
	{isHung, reason, since}: Found,
	state: DeploymentState,
	config: Config,
	now: number,
): Symptom {
	const {service: name} = config.nats;
	const service = engineIsDown(state) ? undefined : own(state.services, name);
	const isUnhealthy = service?.status === 'running' && service.health === 'unhealthy';
	const isHealthy = service?.status === 'running' && service.health === 'healthy';
	const isCutOff = service !== undefined && isDetached(service);
	// It sent its INFO to this console: then the address is right.
	const hasAnswered = state.nats.server !== undefined;
	return {
		id: 'nats-unreached',
		severity: isUnhealthy || hasAnswered ? 'critical' : 'unknown',
		title: `${name} ${isHung ? 'does not answer' : 'cannot be reached'}`,
		evidence:
			list(
				service?.status === 'running' && 'container running',
				isUnhealthy && 'its own health check fails',
				isHealthy && 'its own health check passes',
				reason,
				forAge(since, now),
			) || 'not connected',
		// A restart does not bring a network back that was taken away.
		...(isCutOff
			? {}
			: isUnhealthy
				? {runbook: 'restart' as const}
				: {advice: hasAnswered ? `check ${name} and the network to it` : 'check nats.url and the network'}),
		beganAt: since,
	};
}
