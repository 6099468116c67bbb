import {type JetStream, mayPublish, type PublishPermissions} from '../../deployment/jetstream.ts';
import type {CheckResult} from '../../state/run.ts';
import type {Wanted} from './needs.ts';

const name = 'permissions';

/** A server that does not say what these credentials may do is no reason to refuse; the plan names what may be denied. */
const unknown = (subjects: readonly string[]): CheckResult => ({
	name,
	ok: true,
	evidence: `unknown: the server does not say whether these credentials may publish to ${subjects.join(', ')}`,
});

const denial = (subjects: string[]): string =>
	`These credentials may not publish to ${subjects.join(', ')}. Use credentials that may, in the configuration under nats.`;

type Target = {stream: string; consumer: string};

/** Each chunk of a snapshot is acknowledged at a subject of its own, which is the reply subject of that chunk. */
const acknowledgement = (stream: string): string => `$JS.SNAPSHOT.ACK.${stream}.chunk`;

/** The subjects that the steps publish to, besides those that only read and those of `recreatingSubjects`. */
export function publishedSubjects(
	{purge, backup}: Wanted,
	{stream}: Target,
	{responses}: PublishPermissions = {},
): string[] {
	return [
		...(purge ? [`$JS.API.STREAM.PURGE.${stream}`] : []),
		...(backup ? [`$JS.API.STREAM.SNAPSHOT.${stream}`] : []),
		...(backup && !responses ? [acknowledgement(stream)] : []),
	];
}

/** The subjects that a recovery publishes to where the stream or the consumer is gone. */
export const recreatingSubjects = ({recreates}: Wanted, {stream, consumer}: Target): string[] =>
	recreates
		? [
				`$JS.API.STREAM.CREATE.${stream}`,
				`$JS.API.STREAM.UPDATE.${stream}`,
				`$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
			]
		: [];

/**
Whether these credentials may do what the steps do. A server that does not say is no reason to refuse.

@param isMissing - The stream or the consumer is gone now, so that it will be created.
*/
export async function checkPermissions(
	jetstream: JetStream,
	needs: Wanted,
	target: Target,
	isMissing: boolean,
): Promise<CheckResult[]> {
	const subjects = [...publishedSubjects(needs, target), ...recreatingSubjects(needs, target)];
	if (subjects.length === 0) {
		return [];
	}
	try {
		return [judgePermissions(await jetstream.permissions(), needs, target, isMissing)];
	} catch {
		return [unknown(subjects)];
	}
}

/** Whether these credentials may create a consumer. A server that does not say is no reason to refuse. */
export async function checkCreate(
	jetstream: JetStream,
	stream: string,
	consumer: string,
): Promise<CheckResult> {
	const subject = `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`;
	try {
		return mayPublish(await jetstream.permissions(), subject)
			? {name, ok: true, evidence: `these credentials may create ${consumer}`}
			: {name, ok: false, evidence: denial([subject])};
	} catch {
		return unknown([subject]);
	}
}

/** The same of permissions that are known. Pure. */
export function judgePermissions(
	permissions: PublishPermissions,
	needs: Wanted,
	target: Target,
	isMissing: boolean,
): CheckResult {
	const deniedOf = (subjects: string[]): string[] =>
		subjects.filter((subject) => !mayPublish(permissions, subject));
	const uncreatable = deniedOf(recreatingSubjects(needs, target));
	const denied = [
		...deniedOf(publishedSubjects(needs, target, permissions)),
		...(isMissing ? uncreatable : []),
	];
	if (denied.length > 0) {
		return {name, ok: false, evidence: denial(denied)};
	}
	if (uncreatable.length > 0) {
		const may = words({...needs, recreates: false});
		return {
			name,
			ok: true,
			evidence: `these credentials may ${may}; they may not create what is gone (${uncreatable.join(', ')}), and nothing is gone now`,
		};
	}
	return {name, ok: true, evidence: `these credentials may ${words(needs)}`};
}

function words({purge, backup, recreates}: Wanted): string {
	return [...(purge ? ['purge'] : []), ...(backup ? ['back up'] : []), ...(recreates ? ['create'] : [])].join(
		', ',
	);
}
