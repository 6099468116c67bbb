import {serviceRunbookId} from '../../config/service-runbook.ts';
import type {ConsumerState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {consumingService} from '../consuming-service.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** How long nobody may ask while this console watches. Whoever works on a batch asks again only after it. */
const watchedForMs = 5000;
const busyForMs = 30_000;

/** Messages wait, and nobody asks for them. */
export const rule: Rule = {
	id: 'consumer-idle',
	title: 'Nobody pulls from a consumer',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'Messages wait to be delivered and no pull request waits for them, or nobody listens where they are pushed to: the service that consumes is connected at best, and does not ask.',
	evidence: 'messages that wait, and for how long none was delivered',
	remedy: 'restart the service that consumes it (S)',
	avoid: 'Purge: it throws away what nobody has processed yet.',
	worse: ['purge', 'recover'],
	check(state, config) {
		return presentConsumers(state, config).flatMap(({stream, consumer, isWatched}) => {
			const since = idleSince(consumer, isWatched);
			if (since === undefined) {
				return [];
			}
			const service = consumingService(consumer.name, state, config);
			return {
				id: `consumer-idle:${stream.name}/${consumer.name}`,
				severity: isWatched ? ('critical' as const) : ('warning' as const),
				title: consumer.pull ? `Nobody pulls from ${consumer.name}` : `Nobody listens to ${consumer.name}`,
				evidence: `${plural(consumer.lag, 'message')} wait, none was delivered for ${formatAge(consumer.at - since)}`,
				...(service === undefined
					? {advice: 'restart the service that consumes it'}
					: {runbook: serviceRunbookId(service)}),
				beganAt: since,
				// One look may fall between a message and the request that takes it; what the server tells of long ago does not.
				...(consumer.at - (consumer.lastDeliveredAt ?? consumer.at) < busyForMs && {afterMs: 3000}),
			};
		});
	},
};

/** Since when, or undefined. Counted up to the last look, not to now. */
function idleSince(consumer: ConsumerState, isWatched: boolean): number | undefined {
	const {at, lag, waiting, pull, pushBound, paused, ackPending, maxAckPending, firstSeenAt = at} = consumer;
	const isAsked = pull ? waiting > 0 : pushBound;
	const isAtLimit = maxAckPending > 0 && ackPending >= maxAckPending;
	if (isAsked || paused || isAtLimit || !(lag > 0)) {
		return undefined;
	}
	const wasBusy = (consumer.deliveredMovedAt ?? firstSeenAt) > firstSeenAt;
	const toldAt = consumer.lastDeliveredAt;
	if (!wasBusy && !isWatched) {
		// One that nobody has used while this console watches may be left over: its lag is told when it is high.
		return undefined;
	}
	const isAtWork = ackPending > 0 && at - consumer.floorMovedAt < busyForMs;
	const lastAt = wasBusy
		? (consumer.deliveredMovedAt ?? firstSeenAt)
		: Math.min(firstSeenAt, toldAt ?? firstSeenAt);
	return at - lastAt >= (isAtWork ? busyForMs : watchedForMs) ? lastAt : undefined;
}
