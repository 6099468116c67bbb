import {type StorePlace, storePlace} from '../state/store-place.ts';
import {sanitize} from '../text/sanitize.ts';
import type {DockerClient} from './docker/client.ts';
import {readStore} from './nats/monitor.ts';

/** What is read of the engine to know where a store is. */
export type StoreReader = Pick<DockerClient, 'mounts' | 'changedPaths'>;

/** What the server itself says decides; a server that is stuck does not hold up what the engine says. */
const storeMs = 500;

/**
Where the server in a container keeps its streams. A server that is down or cut off from its network does not say so; then
what it wrote into its container's own layer tells. Never throws.

@param monitor - Undefined where nobody may be asked.
*/
export async function readStorePlace(
	docker: StoreReader,
	containerId: string,
	monitor: string | undefined,
	signal?: AbortSignal,
): Promise<StorePlace> {
	try {
		const [folder, mounts, changed] = await Promise.all([
			monitor === undefined
				? undefined
				: readStore(monitor, signal, storeMs).then(
						(store) => store.folder || undefined,
						() => undefined,
					),
			docker.mounts(containerId),
			docker.changedPaths(containerId).catch(() => undefined),
		]);
		return storePlace(folder, mounts, changed);
	} catch (error) {
		return {kind: 'unknown', why: sanitize((error as Error).message, 120)};
	}
}
