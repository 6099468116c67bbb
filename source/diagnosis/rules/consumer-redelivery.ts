import {formatCount, plural} from '../../text/count.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {readerOf} from '../service-remedy.ts';

/** Messages that are delivered again and again: whoever gets them fails, or is too slow for ack_wait. */
export const rule: Rule = {
	id: 'consumer-redelivery',
	title: 'A consumer redelivers again and again',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'Many messages were delivered more than once and are still not acknowledged (num_redelivered): the service fails on them, or takes longer than ack_wait.',
	evidence: 'messages redelivered, of those unacknowledged',
	remedy: 'read the log of the service that consumes it; raise ack_wait where it is only slow',
	avoid: 'Purge: the next messages meet the same service.',
	worse: ['purge'],
	check(state, config) {
		return presentConsumers(state, config).flatMap(({stream, consumer}) => {
			const {redelivered, ackPending} = consumer;
			if (redelivered < config.thresholds.redeliveredWarn) {
				return [];
			}
			return {
				id: `consumer-redelivery:${stream.name}/${consumer.name}`,
				severity: 'warning' as const,
				title: `${consumer.name} redelivers again and again`,
				evidence: `${plural(redelivered, 'message')} given again, ${formatCount(ackPending)} unacknowledged`,
				advice: `read the log of ${readerOf(consumer.name, state, config)}`,
				// After each restart of a service what it held is given again, once.
				afterMs: 10_000,
			};
		});
	},
};
