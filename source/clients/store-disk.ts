import {hostname} from 'node:os';
import {join} from 'node:path';
import {type Disk, diskOf} from './disk.ts';
import type {DockerClient, Mount} from './docker/client.ts';

/** The disk under a server's store, or why it is not known. */
export type StoreDisk = ({path: string} & Disk) | {unknown: string};

/**
Measures the disk that a server keeps its store on, where the console is on the engine's own host.

@param container - The id of the server's container; undefined where it has none.
@param folder - Where the server says that its store is, inside the container.
@throws where the engine does not answer, or the disk does not.
*/
export async function measureDisk(
	docker: DockerClient,
	container: string | undefined,
	folder: string | undefined,
): Promise<StoreDisk> {
	if (container === undefined) {
		return {unknown: 'the server has no container'};
	}
	// A socket may be forwarded from another host, whose folders have the same names.
	if (docker.endpoint.kind !== 'socket' || (await docker.hostName()) !== hostname()) {
		return {unknown: 'the engine is on another host'};
	}
	const mount = mountOf(await docker.mounts(container), folder);
	if (mount === undefined) {
		return {unknown: 'its folder is not mounted from the host'};
	}
	const path = mount.source;
	try {
		return {path, ...(await diskOf(path))};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return {unknown: `${path} can't be read from here`};
		}
		throw error;
	}
}

/** The mount that a folder of the container is on; without a folder, the only one that can be written. */
export function mountOf(mounts: Mount[], folder: string | undefined): Mount | undefined {
	const writable = mounts.filter((mount) => mount.writable && mount.source.startsWith('/'));
	if (folder === undefined || folder === '') {
		return writable.length === 1 ? writable[0] : undefined;
	}
	return writable
		.filter(({destination}) => `${join(folder)}/`.startsWith(destination === '/' ? '/' : `${destination}/`))
		.sort((a, b) => b.destination.length - a.destination.length)[0];
}
