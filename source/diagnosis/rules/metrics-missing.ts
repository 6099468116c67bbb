import type {Rule} from '../rule.ts';
import {forAge, pathOf} from '../words.ts';

/** The metrics are there without the one that tells the lag: NATS metrics do not flow. */
export const rule: Rule = {
	id: 'metrics-missing',
	title: 'The metric of the lag is missing',
	severity: 'warning',
	section: 'Recovery Verification',
	meaning: 'The metrics answer without the one that tells the lag: NATS metrics do not flow.',
	evidence: "the metric's name, and for how long",
	remedy: 'look at the service that reports it',
	check(state, config, now) {
		return Object.values(state.metrics)
			.filter(({status}) => status === 'missing')
			.map(({name, service, url, detail, since}) => {
				const metric = config.metrics.find((endpoint) => endpoint.name === name)?.lag ?? 'the lag';
				return {
					id: `metrics-missing:${name}`,
					severity: 'warning',
					title: `${service ?? name} does not report ${metric}`,
					evidence: `${pathOf(url)}: ${detail} ${forAge(since, now)}`.trim(),
					advice: `look at ${service ?? name}`,
					beganAt: since,
				};
			});
	},
};
