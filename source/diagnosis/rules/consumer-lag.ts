import type {Config} from '../../config/schema.ts';
import type {ConsumerState} from '../../state/types.ts';
import {formatRate, plural} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {monitorNumber} from '../monitor-metadata.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {readerOf} from '../service-remedy.ts';
import {lossWords} from '../time-to-loss.ts';
import {list} from '../words.ts';

/** A consumer with more undelivered messages than it should have; of others than the watched one only a warning. */
export const rule: Rule = {
	id: 'consumer-lag',
	title: 'A consumer lags behind',
	severity: 'critical',
	section: 'Detection',
	meaning:
		"Messages are stored that were never delivered to the consumer (num_pending, natscli's Unprocessed Messages), more than the threshold.",
	evidence: 'the lag, whether it grows or falls, and when it is caught up or messages are lost',
	remedy: 'look at the service that consumes it; where the lag falls, wait',
	avoid: 'Purge: it throws away what nobody has processed yet.',
	worse: ['purge'],
	check(state, config) {
		return presentConsumers(state, config).flatMap(({stream, consumer, isWatched}) => {
			const severity = lagSeverity(consumer.lag, config, consumer.metadata);
			if (!severity || consumer.paused) {
				return [];
			}
			return {
				id: `consumer-lag:${stream.name}/${consumer.name}`,
				severity: isWatched ? severity : ('warning' as const),
				title: `${consumer.name} lags behind`,
				evidence: list(
					`${plural(consumer.lag, 'message')} not delivered`,
					trend(consumer),
					lossWords(stream, consumer),
				),
				advice: isFalling(consumer)
					? 'wait, it is catching up'
					: `look at ${readerOf(consumer.name, state, config)}`,
			};
		});
	},
};

/**
What a lag is by the thresholds; they are reached by being equal, as in `nats server check consumer`. What the consumer's
own metadata calls critical (`io.nats.monitor.unprocessed-critical`) takes the place of both.
*/
export function lagSeverity(
	lag: number,
	{thresholds}: Config,
	metadata: Record<string, string> = {},
): 'critical' | 'warning' | undefined {
	const own = monitorNumber(metadata, 'unprocessed-critical');
	if (own !== undefined) {
		return lag >= own ? 'critical' : undefined;
	}
	if (lag >= thresholds.lagCritical) {
		return 'critical';
	}
	return lag >= thresholds.lagWarn ? 'warning' : undefined;
}

const isFalling = ({lagPerSecond = 0}: ConsumerState): boolean => lagPerSecond <= -1;

function trend(consumer: ConsumerState): string | undefined {
	const {lagPerSecond = 0} = consumer;
	if (isFalling(consumer)) {
		return `falling ${formatRate(-lagPerSecond)}, caught up in ${formatAge((consumer.lag / -lagPerSecond) * 1000)}`;
	}
	return lagPerSecond >= 1 ? `growing ${formatRate(lagPerSecond)}` : undefined;
}
