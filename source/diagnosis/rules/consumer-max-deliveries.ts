import {plural} from '../../text/count.ts';
import {newsMs, presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {readerOf} from '../service-remedy.ts';
import {ago} from '../words.ts';

/** Messages that the server gives up after max_deliver attempts. */
export const rule: Rule = {
	id: 'consumer-max-deliveries',
	title: 'Messages are given up',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'Messages were delivered as often as max_deliver allows and never acknowledged: the server does not deliver them again. They stay in the stream, and the ack floor stays below them.',
	evidence: 'how many while the console watched, and the last time',
	remedy:
		'read the log of the service that consumes it; the messages are in the stream by the sequences of the advisories',
	avoid: 'Purge: it removes the messages that were given up, and nobody can look at them any more.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		return presentConsumers(state, config).flatMap(({stream, consumer}) => {
			const {maxDeliveries} = consumer;
			return maxDeliveries === undefined || now - maxDeliveries.at >= newsMs
				? []
				: {
						id: `consumer-max-deliveries:${stream.name}/${consumer.name}`,
						severity: 'warning' as const,
						title: `${consumer.name} gives messages up`,
						evidence: `${plural(maxDeliveries.messages, 'message')} at max_deliver, the last ${ago(maxDeliveries.at, now)}`,
						advice: `read the log of ${readerOf(consumer.name, state, config)}`,
					};
		});
	},
};
