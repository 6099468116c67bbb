import type {ConsumerState} from '../../state/types.ts';
import {formatCount} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {restartReader} from '../service-remedy.ts';

/** How long nothing may be acknowledged while this console watches. */
const watchedForMs = 3000;

/** So few messages may all be in work, each for as long as `ack_wait` lets it. */
const few = 50;

/** The same by the server's own times alone, at the first look, where clocks may differ by some seconds. */
const toldForMs = 30_000;

/**
A consumer that has as many messages unacknowledged as it may: the server delivers no more until one is
acknowledged. Its service must be restarted; a purge would throw away what it holds.
*/
export const rule: Rule = {
	id: 'consumer-stalled',
	title: 'A consumer is stalled',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The consumer has as many messages unacknowledged as it may (max_ack_pending): the server delivers no more until one is acknowledged.',
	evidence: 'messages unacknowledged, the limit, and for how long nothing was acknowledged',
	remedy: 'restart the service that consumes it (S)',
	avoid: 'Purge: it throws away what the service holds, and does not make it acknowledge.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		return presentConsumers(state, config).flatMap(({stream, consumer, isWatched}) => {
			const since = stalledSince(consumer);
			if (since === undefined) {
				return [];
			}
			const figures = `${formatCount(consumer.ackPending)} of ${formatCount(consumer.maxAckPending)} unacknowledged`;
			return {
				id: `consumer-stalled:${stream.name}/${consumer.name}`,
				severity: isWatched ? ('critical' as const) : ('warning' as const),
				title: `${consumer.name} is stalled`,
				evidence: `${figures}, nothing acknowledged for ${formatAge(now - since)}`,
				...restartReader(consumer.name, state, config),
				beganAt: since,
			};
		});
	},
};

/**
Since when, or undefined. It is counted up to the last look, not to now: a consumer that is not read any more
does not stall by that.
*/
function stalledSince(consumer: ConsumerState): number | undefined {
	const {at, ackPending, maxAckPending, firstSeenAt = at, lastAckAt, lastDeliveredAt} = consumer;
	// Without a message that waits nothing stands: it works on the last ones.
	if (!(maxAckPending > 0) || ackPending < maxAckPending || consumer.paused || !(consumer.lag > 0)) {
		return undefined;
	}
	// At the limit a new message is delivered only for one that was acknowledged, below the floor or not.
	const movedAt = Math.max(consumer.floorMovedAt, consumer.deliveredMovedAt ?? 0);
	const toldAt = lastAckAt ?? lastDeliveredAt;
	// What was seen moving outweighs the times that the server tells.
	if (movedAt <= firstSeenAt && toldAt !== undefined && at - toldAt >= toldForMs) {
		return toldAt;
	}
	const lastAt = Math.max(movedAt, lastAckAt !== undefined && lastAckAt <= at ? lastAckAt : 0);
	// Of a thousand one is acknowledged each moment; of a few each may take its time.
	const mostMs = maxAckPending < few ? (consumer.ackWaitMs ?? toldForMs) : watchedForMs;
	return at - lastAt >= mostMs ? lastAt : undefined;
}
