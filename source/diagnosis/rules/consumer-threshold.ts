import type {ConsumerState} from '../../state/types.ts';
import {formatCount} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {monitorDuration, monitorNumber} from '../monitor-metadata.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** What a consumer's own metadata calls critical, but for the lag, which has rules of its own. */
export const rule: Rule = {
	id: 'consumer-threshold',
	title: "A consumer is beyond its operator's limit",
	severity: 'critical',
	section: 'Detection',
	meaning:
		'A figure of the consumer is at or above what its metadata says (io.nats.monitor.outstanding-ack-critical, waiting-critical, redelivery-critical, last-delivery-critical, last-ack-critical), as `nats server check consumer` reads it.',
	evidence: 'the figures and their limits',
	remedy: 'what the operator who set the limit had in mind; look at the service that consumes it',
	check(state, config, now) {
		return presentConsumers(state, config).flatMap(({stream, consumer}) => {
			const beyond = limitsReached(consumer, now);
			return beyond.length === 0
				? []
				: {
						id: `consumer-threshold:${stream.name}/${consumer.name}`,
						severity: 'critical' as const,
						title: `${consumer.name} is beyond a limit of its metadata`,
						evidence: list(...beyond),
						advice: `look at who consumes ${stream.name}`,
					};
		});
	},
};

function limitsReached(consumer: ConsumerState, now: number): string[] {
	const {metadata} = consumer;
	if (Object.keys(metadata).length === 0) {
		return [];
	}
	const counts = [
		['outstanding-ack-critical', consumer.ackPending, 'unacknowledged'],
		['waiting-critical', consumer.waiting, 'pulls wait'],
		['redelivery-critical', consumer.redelivered, 'redelivered'],
	] as const;
	const times = [
		['last-delivery-critical', consumer.lastDeliveredAt, 'since the last delivery'],
		['last-ack-critical', consumer.lastAckAt, 'since the last acknowledgement'],
	] as const;
	return [
		...counts.flatMap(([key, value, words]) => {
			const limit = monitorNumber(metadata, key);
			return limit !== undefined && value >= limit
				? `${formatCount(value)} of ${formatCount(limit)} ${words}`
				: [];
		}),
		...times.flatMap(([key, at, words]) => {
			const limit = monitorDuration(metadata, key);
			const age = at === undefined ? undefined : now - at;
			return limit !== undefined && age !== undefined && age >= limit
				? `${formatAge(age)} of ${formatAge(limit)} ${words}`
				: [];
		}),
	];
}
