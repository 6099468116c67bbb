import type {Rule} from '../rule.ts';
import {forAge, list, pathOf} from '../words.ts';

/** A service that says of itself that it is not healthy. */
export const rule: Rule = {
	id: 'health-unhealthy',
	title: 'A service reports that it is unhealthy',
	severity: 'critical',
	section: 'Detection',
	meaning: 'A service says of itself that it is not healthy.',
	evidence: 'its own words, the HTTP status, for how long',
	remedy: 'look at the service; where NATS is the reason the finding is folded under it',
	check(state, _config, now) {
		return Object.values(state.health)
			.filter(({status}) => status === 'unhealthy')
			.map(({name, service, url, detail, httpStatus, since}) => ({
				id: `health-unhealthy:${name}`,
				severity: 'critical',
				title: `${service ?? name} reports ${detail || 'unhealthy'}`,
				evidence: list(
					`${pathOf(url)} ${forAge(since, now)}`.trim(),
					httpStatus !== undefined && httpStatus !== 200 && `HTTP ${httpStatus}`,
				),
				advice: `look at ${service ?? name}`,
				beganAt: since,
			}));
	},
};
