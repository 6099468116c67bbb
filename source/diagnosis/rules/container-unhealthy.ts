import {nodeServices} from '../../config/nodes.ts';
import {serviceRunbookId} from '../../config/service-runbook.ts';
import {formatAge} from '../../text/duration.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** How long a container may be `starting` before that is worth a word. */
const startingForMs = 60_000;

/** A container whose own health check fails, or does not come to an end. */
export const rule: Rule = {
	id: 'container-unhealthy',
	title: 'A container is unhealthy',
	severity: 'warning',
	section: 'Immediate Actions',
	meaning: "The container's own health check fails, or does not come to an end.",
	evidence: 'the last words of the health check and for how long',
	remedy: 'restart it (S); its log says more',
	check(state, config, now) {
		return Object.values(state.services).flatMap(({service, status, health, healthSince, healthOutput}) => {
			const since = healthSince ?? now;
			const isSlow = health === 'starting' && now - since >= startingForMs;
			if (status !== 'running' || !(health === 'unhealthy' || isSlow)) {
				return [];
			}
			return {
				id: `container-unhealthy:${service}`,
				severity: 'warning' as const,
				title: isSlow ? `${service} does not become healthy` : `${service} is unhealthy`,
				evidence: isSlow
					? `starting for ${formatAge(now - since)}`
					: list(healthOutput || 'its health check fails', forAge(since, now)),
				...(nodeServices(config).includes(service)
					? {advice: `read the log of ${service}`}
					: {runbook: serviceRunbookId(service)}),
				beganAt: healthSince,
			};
		});
	},
};
