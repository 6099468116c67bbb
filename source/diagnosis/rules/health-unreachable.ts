import {serviceRunbookId} from '../../config/service-runbook.ts';
import {endpointVerb, isAddressWrong} from '../endpoint-words.ts';
import type {Rule} from '../rule.ts';
import {forAge, pathOf} from '../words.ts';

/** A health endpoint that gives no answer, or one that is not understood: then health is unknown. */
export const rule: Rule = {
	id: 'health-unreachable',
	title: 'A health endpoint does not answer',
	severity: 'critical',
	section: 'Detection',
	meaning:
		'A health endpoint gives no answer, or one that is not understood. Then health is unknown, which is not well.',
	evidence: 'the error and for how long',
	remedy: 'restart the service (S), or correct the endpoint in the configuration',
	check(state, _config, now) {
		return Object.values(state.health).flatMap(({name, service, url, status, detail, since}) => {
			if (status !== 'unreachable' && status !== 'malformed') {
				return [];
			}
			// What is wrong with the address is no fault of the service, and no restart of it mends that.
			const isSilent = status === 'unreachable' && !isAddressWrong(detail);
			return {
				id: `health-unreachable:${name}`,
				severity: isSilent ? ('critical' as const) : ('unknown' as const),
				title: `${service ?? name} ${pathOf(url)} ${endpointVerb(status, detail)}`,
				evidence: `${detail} ${forAge(since, now)}`.trim(),
				...(isSilent && service !== undefined
					? {runbook: serviceRunbookId(service)}
					: {advice: isSilent ? `look at ${name}` : `correct health.${name} in the configuration`}),
				beganAt: since,
			};
		});
	},
};
