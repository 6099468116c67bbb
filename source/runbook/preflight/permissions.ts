import type {NatsConnection} from 'nats';
import {mayPublish, readPublishPermissions} from '../../clients/nats/permissions.ts';
import type {CheckResult} from '../../state/run.ts';
import type {Wanted} from './needs.ts';

const name = 'permissions';

/** The subjects that the steps publish to, besides those that only read. */
export function publishedSubjects(
	{purge, backup, recreates}: Wanted,
	{stream, consumer}: {stream: string; consumer: string},
): string[] {
	return [
		...(purge ? [`$JS.API.STREAM.PURGE.${stream}`] : []),
		// Each chunk of a snapshot is acknowledged at a subject of its own.
		...(backup ? [`$JS.API.STREAM.SNAPSHOT.${stream}`, `$JS.SNAPSHOT.ACK.${stream}.chunk`] : []),
		...(recreates
			? [
					`$JS.API.STREAM.CREATE.${stream}`,
					`$JS.API.STREAM.UPDATE.${stream}`,
					`$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
				]
			: []),
	];
}

/** Whether these credentials may do what the steps do. A server that does not say is no reason to refuse. */
export async function checkPermissions(
	connection: NatsConnection,
	needs: Wanted,
	target: {stream: string; consumer: string},
): Promise<CheckResult[]> {
	const subjects = publishedSubjects(needs, target);
	if (subjects.length === 0) {
		return [];
	}
	try {
		const permissions = await readPublishPermissions(connection);
		const denied = subjects.filter((subject) => !mayPublish(permissions, subject));
		return [
			{
				name,
				ok: denied.length === 0,
				evidence:
					denied.length === 0
						? `these credentials may ${words(needs)}`
						: `These credentials may not publish to ${denied.join(', ')}. Use credentials that may, in the configuration under nats.`,
			},
		];
	} catch {
		return [{name, ok: true, evidence: 'unknown: the server does not say what these credentials may do'}];
	}
}

function words({purge, backup, recreates}: Wanted): string {
	return [...(purge ? ['purge'] : []), ...(backup ? ['back up'] : []), ...(recreates ? ['create'] : [])].join(
		', ',
	);
}
