import {type NatsUsers, natsUsers} from '../state/nats-users.ts';
import type {ContainerFacts} from '../state/observation.ts';
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
