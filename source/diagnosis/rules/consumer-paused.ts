import {plural} from '../../text/count.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** A consumer was paused by somebody: nothing is delivered until it is resumed. */
export const rule: Rule = {
	id: 'consumer-paused',
	title: 'A consumer is paused',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning: 'Somebody paused the consumer: nothing is delivered until it is resumed or the pause ends.',
	evidence: 'how many messages wait',
	remedy:
		'`nats consumer resume STREAM CONSUMER`; a client that waits since then is given something only with the next message that is published',
	avoid: 'Restart the server: the pause survives it.',
	worse: ['restart', 'purge', 'recover'],
	check(state, config) {
		return presentConsumers(state, config)
			.filter(({consumer}) => consumer.paused)
			.map(({stream, consumer, isWatched}) => ({
				id: `consumer-paused:${stream.name}/${consumer.name}`,
				severity: isWatched ? ('critical' as const) : ('warning' as const),
				title: `${consumer.name} is paused`,
				evidence: `${plural(consumer.lag, 'message')} wait`,
				...(isWatched && consumer.metadata['jetmedic.after'] !== undefined
					? {runbook: 'recreate' as const, advice: 'a run has not moved it yet'}
					: {advice: 'resume it: nats consumer resume'}),
			}));
	},
};
