import {growingPerSecond, lagNone} from '../../state/reduce-consumers.ts';
import {formatCount, formatRate} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {readerOf} from '../service-remedy.ts';
import {lossWords} from '../time-to-loss.ts';
import {list} from '../words.ts';
import {lagSeverity} from './consumer-lag.ts';

/** A lag that has been growing without a pause: the trouble before it is one. */
export const rule: Rule = {
	id: 'consumer-growing',
	title: 'A consumer falls behind',
	severity: 'warning',
	section: 'Detection',
	meaning:
		"More is published than this consumer's service works off, and has been for a while: the trouble before a lag is one.",
	evidence: 'the lag, how fast it grows and for how long, and when messages are lost where that is near',
	remedy: 'look at the service that consumes it: is it up, slow, or alone where there should be several?',
	avoid: 'Purge: it throws away what nobody has processed yet.',
	worse: ['purge'],
	check(state, config) {
		return presentConsumers(state, config).flatMap(({stream, consumer, isWatched}) => {
			const {at, lag, lagPerSecond = 0, lagGrowingSince} = consumer;
			// Up to the last look, not to now: a lag that is not read any more does not grow by that.
			const forMs = at - (lagGrowingSince ?? at);
			const isGrowing = forMs >= config.thresholds.lagGrowingForMs && lagPerSecond > growingPerSecond;
			const worst = lagSeverity(lag, config, consumer.metadata);
			const isTold = isWatched ? worst === 'critical' : worst !== undefined;
			if (!isGrowing || lag <= lagNone || isTold || consumer.paused) {
				return [];
			}
			return {
				id: `consumer-growing:${stream.name}/${consumer.name}`,
				severity: 'warning' as const,
				title: `${consumer.name} falls behind`,
				evidence: list(
					`lag ${formatCount(lag)}, growing ${formatRate(lagPerSecond)} for ${formatAge(forMs)}`,
					lossWords(stream, consumer),
				),
				advice: `look at ${readerOf(consumer.name, state, config)}`,
				beganAt: lagGrowingSince,
			};
		});
	},
};
