import {serviceRunbookId} from '../../config/service-runbook.ts';
import {endpointVerb, isAddressWrong} from '../endpoint-words.ts';
import type {Rule} from '../rule.ts';
import {forAge, pathOf} from '../words.ts';

/** A metrics endpoint that gives no answer, or one that is not understood. */
export const rule: Rule = {
	id: 'metrics-unreachable',
	title: 'A metrics endpoint does not answer',
	severity: 'warning',
	section: 'Recovery Verification',
	meaning: 'A metrics endpoint gives no answer, or one that is not understood.',
	evidence: 'the error and for how long',
	remedy: 'restart the service (S), or correct the endpoint in the configuration',
	check(state, _config, now) {
		return Object.values(state.metrics).flatMap(({name, service, url, status, detail, since}) => {
			if (status !== 'unreachable' && status !== 'malformed') {
				return [];
			}
			const isSilent = status === 'unreachable' && !isAddressWrong(detail);
			return {
				id: `metrics-unreachable:${name}`,
				severity: isSilent ? ('warning' as const) : ('unknown' as const),
				title: `${service ?? name} ${pathOf(url)} ${endpointVerb(status, detail)}`,
				evidence: `${detail} ${forAge(since, now)}`.trim(),
				...(isSilent && service !== undefined
					? {runbook: serviceRunbookId(service)}
					: {advice: isSilent ? `look at ${name}` : `correct metrics.${name} in the configuration`}),
				beganAt: since,
			};
		});
	},
};
