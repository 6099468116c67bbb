import {formatElapsed} from '../../text/duration.ts';
import type {Rule} from '../rule.ts';
import {list, pathOf} from '../words.ts';

/** A health endpoint that answers late: the service is busy, or waits for something. */
export const rule: Rule = {
	id: 'health-slow',
	title: 'A health endpoint answers slowly',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'A service takes long to tell its health: it is overloaded, or waits for something that it asks itself.',
	evidence: 'how long the last answer took',
	remedy: 'look at the load of the service, and at what it waits for',
	check(state, config) {
		return Object.values(state.health).flatMap(({name, service, url, status, elapsedMs}) => {
			if (status === 'unreachable' || elapsedMs < config.thresholds.healthWarnMs) {
				return [];
			}
			return {
				id: `health-slow:${name}`,
				severity: 'warning' as const,
				title: `${service ?? name} answers slowly`,
				evidence: list(`${pathOf(url)} after ${formatElapsed(elapsedMs)}`),
				advice: `look at the load of ${service ?? name}`,
				// One slow answer is the garbage collector's.
				afterMs: 2500,
			};
		});
	},
};
