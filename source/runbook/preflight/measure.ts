import type {ContainerFacts} from '../../state/observation.ts';
import {sanitize} from '../../text/sanitize.ts';
import type {ReadContext} from '../context.ts';
import type {StoreFacts} from './store.ts';

/** Measures the store of a server, from the outside and by its own words. Never throws: what can't be known is said. */
export async function measureStore(
	{deployment, config, signal}: ReadContext,
	server: ContainerFacts | undefined,
): Promise<Pick<StoreFacts, 'disk' | 'server'>> {
	const {monitor} = config.nats;
	const store =
		monitor === undefined || server?.status !== 'running'
			? undefined
			: await deployment.server.store(monitor, signal).catch(() => undefined);
	return {
		server: store,
		disk: await deployment.engine
			.storeDisk(server?.containerId, store?.folder)
			.catch((error: Error) => ({unknown: sanitize(error.message, 120)})),
	};
}
