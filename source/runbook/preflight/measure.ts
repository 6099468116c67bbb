import {hostname} from 'node:os';
import {join} from 'node:path';
import {diskOf} from '../../clients/disk.ts';
import type {DockerClient, Mount} from '../../clients/docker/client.ts';
import {readStore} from '../../clients/nats/monitor.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {sanitize} from '../../text/sanitize.ts';
import type {ReadContext} from '../context.ts';
import type {StoreFacts} from './store.ts';

/** Measures the store of a server, from the outside and by its own words. Never throws: what can't be known is said. */
export async function measureStore(
	{docker, config, signal}: ReadContext,
	server: ContainerFacts | undefined,
): Promise<Pick<StoreFacts, 'disk' | 'server'>> {
	const {monitor} = config.nats;
	const store =
		monitor === undefined || server?.status !== 'running'
			? undefined
			: await readStore(monitor, signal).catch(() => undefined);
	return {
		server: store,
		disk: await measureDisk(docker, server, store?.folder).catch((error: Error) => ({
			unknown: sanitize(error.message, 120),
		})),
	};
}

async function measureDisk(
	docker: DockerClient,
	server: ContainerFacts | undefined,
	folder: string | undefined,
): Promise<StoreFacts['disk']> {
	if (server === undefined) {
		return {unknown: 'the server has no container'};
	}
	// A socket may be forwarded from another host, whose folders have the same names.
	if (docker.endpoint.kind !== 'socket' || (await docker.hostName()) !== hostname()) {
		return {unknown: 'the engine is on another host'};
	}
	const mount = mountOf(await docker.mounts(server.containerId), folder);
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
