import {posix} from 'node:path';
import {type StoreMount, type StorePlace, storePlace} from '../state/store-place.ts';
import {sanitize} from '../text/sanitize.ts';
import type {DockerClient} from './docker/client.ts';
import {readStore} from './nats/monitor.ts';

/** What is read of the engine to know where a store is. */
export type StoreReader = Pick<DockerClient, 'mounts' | 'changedPaths' | 'isFolder'>;

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
		const [store, mounts, changed] = await Promise.all([
			monitor === undefined ? undefined : readStore(monitor, signal, storeMs).catch(() => undefined),
			docker.mounts(containerId),
			docker.changedPaths(containerId).catch(() => undefined),
		]);
		if (store === undefined || store.folder === '') {
			return storePlace(undefined, mounts, changed, await mountsWithStore(docker, containerId, mounts));
		}
		const {folder, heldBytes, streams} = store;
		return {
			...storePlace(folder, mounts, changed),
			...(heldBytes !== undefined && {heldBytes}),
			...(streams !== undefined && {streams}),
		};
	} catch (error) {
		return {kind: 'unknown', why: sanitize((error as Error).message, 120)};
	}
}

/** A store is the folder `jetstream` in the configured one (server/jetstream.go, `JetStreamStoreDir`). */
const storeFolder = 'jetstream';

/** The destinations of the writable mounts that have a store, where several may. */
async function mountsWithStore(
	docker: StoreReader,
	containerId: string,
	mounts: readonly StoreMount[],
): Promise<string[]> {
	const writable = mounts.filter((mount) => mount.writable);
	if (writable.length < 2) {
		return [];
	}
	const found = await Promise.all(
		writable.map(async ({destination}) => {
			// A file, such as a configuration, may be mounted, too.
			if (!(await docker.isFolder(containerId, destination))) {
				return [];
			}
			// The store's own folder may be what is mounted. One that is not answered for may have it: then nobody knows.
			const isStore =
				posix.basename(destination) === storeFolder ||
				(await docker.isFolder(containerId, posix.join(destination, storeFolder)));
			return isStore ? [destination] : [];
		}),
	);
	return found.flat();
}
