import {formatCount} from '../../text/count.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';
import {percentOf} from '../words.ts';

/** Nearly as many clients as the server takes. */
export const rule: Rule = {
	id: 'connections',
	title: 'Connections are near their limit',
	severity: 'critical',
	section: 'Detection',
	meaning:
		'The server takes no more clients than max_connections; the next ones are refused, also this console.',
	evidence: 'connections and the limit',
	remedy: 'find who connects again and again (`nats server report connections`), or raise max_connections',
	check(state, config) {
		return serversOf(state, config).flatMap(({service, suffix, varz}) => {
			const {connections = 0, maxConnections = 0} = varz ?? {};
			const percent = percentOf(connections, maxConnections);
			return percent <= config.thresholds.storageWarnPercent
				? []
				: {
						id: `connections${suffix}`,
						// Up to the last one nobody is refused.
						severity: percent >= 100 ? ('critical' as const) : ('warning' as const),
						title: `${service} is ${percent >= 100 ? '' : 'nearly '}out of connections`,
						evidence: `${formatCount(connections)} of ${formatCount(maxConnections)}`,
						advice: 'find who connects, or raise max_connections',
					};
		});
	},
};
