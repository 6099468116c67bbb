import type {ConsumerState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {restartReader} from '../service-remedy.ts';

/** How long messages may wait with nobody asking: who polls, does so within this. */
const leastMs = 15_000;

/** The longest that this took before, as this console saw it, may be so many times as long. */
const pauseFactor = 3;

/** Whoever works on what he has asks again after it: he has until the server gives it to another one, and then some. */
const defaultAckWaitMs = 30_000;

/** Messages wait, and nobody asks for them. */
export const rule: Rule = {
	id: 'consumer-idle',
	title: 'Nobody pulls from a consumer',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'Messages wait to be delivered and no pull request waits for them, or nobody listens where they are pushed to: the service that consumes is connected at best, and does not ask.',
	evidence: 'messages that wait, and for how long nobody has asked',
	remedy: 'restart the service that consumes it (S)',
	avoid: 'Purge: it throws away what nobody has processed yet.',
	worse: ['purge', 'recover'],
	check(state, config) {
		return presentConsumers(state, config).flatMap(({stream, consumer, isWatched}) => {
			const since = idleSince(consumer, isWatched);
			if (since === undefined) {
				return [];
			}
			return {
				id: `consumer-idle:${stream.name}/${consumer.name}`,
				severity: isWatched ? ('critical' as const) : ('warning' as const),
				title: consumer.pull ? `Nobody pulls from ${consumer.name}` : `Nobody listens to ${consumer.name}`,
				evidence: `${plural(consumer.lag, 'message')} wait, nobody asked for ${formatAge(consumer.at - since)}`,
				...restartReader(consumer.name, state, config),
				beganAt: since,
			};
		});
	},
};

/** Since when, or undefined. Counted up to the last look, not to now. */
function idleSince(consumer: ConsumerState, isWatched: boolean): number | undefined {
	const {at, idleSince: since, longestIdleMs = 0, ackPending, maxAckPending, firstSeenAt = at} = consumer;
	const isAtLimit = maxAckPending > 0 && ackPending >= maxAckPending;
	if (since === undefined || isAtLimit) {
		return undefined;
	}
	// One that nobody has used while this console watches may be left over: its lag is told when it is high.
	const wasBusy = (consumer.deliveredMovedAt ?? firstSeenAt) > firstSeenAt;
	const work = ackPending > 0 ? 1.5 * (consumer.ackWaitMs ?? defaultAckWaitMs) : 0;
	const mostMs = Math.max(leastMs, pauseFactor * longestIdleMs, work);
	return (isWatched || wasBusy) && at - since >= mostMs ? since : undefined;
}
