import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import type {Symptom} from '../finding.ts';
import {engineIsDown} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** /healthz answers that the server is not well, and why. */
export const rule: Rule = {
	id: 'nats-unhealthy',
	title: 'NATS is unhealthy',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'/healthz answers that the server is not well, and why: a stream that was not recovered, a full disk.',
	evidence: "the server's reason and for how long",
	remedy:
		'full recovery (F) where the stream was not recovered; free space and restart (R) where the disk is full',
	avoid: 'Purge on a full disk before the restart: it hangs the stream.',
	check(state, config, now) {
		const {healthz} = state.nats;
		const service = own(state.services, config.nats.service);
		const isStopped = service !== undefined && service.status !== 'running' && !engineIsDown(state);
		// Of a cluster node-down tells.
		if (healthz?.status !== 'unavailable' || isStopped || isCluster(config)) {
			return [];
		}
		const reason = healthz.error ?? 'healthz gives no reason';
		return [
			{
				id: 'nats-unhealthy',
				severity: 'critical',
				title: titleOf(reason, config),
				evidence: list(reason, forAge(healthz.since, now)),
				...remedyOf(reason, config.stream, config.nats.service),
				beganAt: healthz.since,
			},
		];
	},
};

function titleOf(reason: string, {stream, nats}: Config): string {
	if (hasNoSpace(reason)) {
		return `${nats.service} has met a full disk`;
	}
	return isUnrecovered(reason, stream)
		? `${stream} was not recovered by ${nats.service}`
		: `${nats.service} is unhealthy`;
}

/** What mends a server that says of itself that it is not well. */
export function remedyOf(
	reason: string,
	stream: string,
	service: string,
): Pick<Symptom, 'runbook' | 'advice'> {
	// A full disk: publishing stays broken after space is freed until a restart, and a purge before it hangs.
	if (hasNoSpace(reason)) {
		return {runbook: 'restart', advice: 'after disk space is free'};
	}
	if (isUnrecovered(reason, stream)) {
		return {runbook: 'recover'};
	}
	return {advice: `read the log of ${service}`};
}

const hasNoSpace = (reason: string): boolean => /no space/i.test(reason);

/** "JetStream stream '$G > TITAN_INTENTS' could not be recovered": the server lost its record, not the messages. */
const isUnrecovered = (reason: string, stream: string): boolean =>
	/could not be recovered/i.test(reason) && reason.includes(`> ${stream}'`);
