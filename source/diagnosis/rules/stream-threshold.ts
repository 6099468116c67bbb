import {formatCount, plural} from '../../text/count.ts';
import {monitorNumber} from '../monitor-metadata.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** The number of messages that a stream's own metadata calls too many, or too few. */
export const rule: Rule = {
	id: 'stream-threshold',
	title: "A stream is beyond its operator's limit",
	severity: 'critical',
	section: 'Detection',
	meaning:
		'The stream holds more messages than its metadata io.nats.monitor.msgs-warn or msgs-critical says, or fewer where the warning is the larger one of the two: as `nats server check stream` reads them.',
	evidence: 'messages and the limit',
	remedy: 'what the operator who set the limit had in mind; purge (P) where there are too many',
	check(state, config) {
		return presentStreams(state, config).flatMap(({name, messages, metadata}) => {
			const warn = monitorNumber(metadata, 'msgs-warn');
			const critical = monitorNumber(metadata, 'msgs-critical');
			const isFew = warn !== undefined && critical !== undefined && warn > critical;
			const isBeyond = (limit: number | undefined) =>
				limit !== undefined && (isFew ? messages <= limit : messages >= limit);
			const limit = isBeyond(critical) ? critical : isBeyond(warn) ? warn : undefined;
			if (limit === undefined) {
				return [];
			}
			return {
				id: `stream-threshold:${name}`,
				severity: isBeyond(critical) ? ('critical' as const) : ('warning' as const),
				title: `${name} holds too ${isFew ? 'few' : 'many'} messages`,
				evidence: `${plural(messages, 'message')}, its limit is ${formatCount(limit)} (metadata)`,
				advice: `look at who ${isFew ? 'publishes to' : 'consumes'} ${name}`,
			};
		});
	},
};
