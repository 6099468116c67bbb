import type {Advisory} from '../../state/observation.ts';
import {sanitize} from '../../text/sanitize.ts';

const kinds = {
	'STREAM.CREATED': 'stream-created',
	'STREAM.DELETED': 'stream-deleted',
	'STREAM.UPDATED': 'stream-updated',
	'CONSUMER.CREATED': 'consumer-created',
	'CONSUMER.DELETED': 'consumer-deleted',
	'CONSUMER.MAX_DELIVERIES': 'max-deliveries',
} as const;

/**
What an advisory tells, by its subject alone: the names in it can't hold a dot (ADR-6), and its body is not needed.
Undefined for kinds that only say that something changed.

@param subject - `$JS.EVENT.ADVISORY.<STREAM|CONSUMER>.<kind>.<stream>[.<consumer>]`
*/
export function parseAdvisory(subject: string): Advisory | undefined {
	const [, , , of = '', what = '', stream, consumer] = subject.split('.');
	const kind = Object.hasOwn(kinds, `${of}.${what}`)
		? kinds[`${of}.${what}` as keyof typeof kinds]
		: undefined;
	if (kind === undefined || !stream) {
		return undefined;
	}
	if (kind === 'stream-created' || kind === 'stream-deleted' || kind === 'stream-updated') {
		return {kind, stream: sanitize(stream, 300)};
	}
	return consumer ? {kind, stream: sanitize(stream, 300), consumer: sanitize(consumer, 300)} : undefined;
}
