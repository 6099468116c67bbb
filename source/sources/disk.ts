import type {DockerClient} from '../clients/docker/client.ts';
import {readStore} from '../clients/nats/monitor.ts';
import {measureDisk} from '../clients/store-disk.ts';
import type {Emit} from '../state/observation.ts';
import {poll} from './loop.ts';

const everyMs = 10_000;
const storeDeadlineMs = 500;

/** A server whose store is looked at. */
export type Store = {
	/** Its service where it is one of several. */
	service?: string;
	monitor: string | undefined;
	/** The id of its container while it runs. */
	container: () => string | undefined;
};

/**
Measures the disk under a server's store, where the console is on the engine's own host and may look there; where
not, it says nothing. Never throws.
*/
export async function watchDisk(
	docker: DockerClient,
	{service, monitor, container}: Store,
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	let folder: string | undefined;
	await poll(everyMs, signal, async () => {
		const id = container();
		if (id === undefined) {
			return 500;
		}
		try {
			if (monitor !== undefined) {
				// Asked for until it is known: a store that is stuck does not answer, and then the only folder that can be
				// written is looked at.
				folder ??= await readStore(monitor, signal, storeDeadlineMs).then(
					(store) => store.folder,
					() => undefined,
				);
			}
			const disk = await measureDisk(docker, id, folder);
			if ('path' in disk && !signal.aborted) {
				const {freeBytes, totalBytes} = disk;
				emit({kind: 'disk', freeBytes, totalBytes, ...(service !== undefined && {service}), at: Date.now()});
			}
		} catch {
			// The engine, the server or the disk does not answer: others tell.
		}
		return undefined;
	});
}
