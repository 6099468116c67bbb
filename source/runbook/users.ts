import {type NatsUsers, natsUsers} from '../state/nats-users.ts';
import type {ContainerFacts} from '../state/observation.ts';
import {plural} from '../text/count.ts';
import type {ReadContext} from './context.ts';
import type {Needs} from './needs.ts';

/** Which services use NATS, for steps that stop all of them; undefined for other steps. Never throws. */
export async function readUsers(
	{deployment, config, signal}: Pick<ReadContext, 'deployment' | 'config' | 'signal'>,
	containers: readonly ContainerFacts[],
	{stops}: Pick<Needs, 'stops'>,
): Promise<NatsUsers | undefined> {
	return stops.includes('clients')
		? natsUsers(containers, config, await deployment.server.connections(signal))
		: undefined;
}

/** What a plan says of connections that come from no container of the project; nothing where there are not any. */
export function outsideWords({outside, viaHost}: Pick<NatsUsers, 'outside' | 'viaHost'>): string[] {
	const others = outside - viaHost;
	const come = (count: number): string => `${plural(count, 'connection')} ${count === 1 ? 'comes' : 'come'}`;
	return [
		...(others > 0 ? [`${come(others)} from no container of the project`] : []),
		...(viaHost > 0
			? [
					`${come(viaHost)} through a port of the host, and nothing says whose: all services but the servers are stopped`,
				]
			: []),
	];
}
