import {posix} from 'node:path';

/** A folder that a container has mounted. */
export type StoreMount = {
	destination: string;
	writable: boolean;
	/** Docker's word: `bind`, `volume`, `tmpfs`. */
	type?: string;
	/** The volume's name. */
	name?: string;
};

/** Where a server keeps its streams, and whether that outlives its container. */
export type StorePlace = {
	/**
	`layer` goes with the container; `memory` (a tmpfs) already with its process. A volume without a name of its own is kept
	by `docker compose up --force-recreate`, and removed by `-V`, `down -v` and `docker rm -v`.
	https://docs.docker.com/reference/cli/docker/compose/up/
	*/
	kind: 'volume' | 'anonymous volume' | 'bind' | 'layer' | 'memory' | 'unknown';
	/** The server's own `store_dir`, where it is known. */
	folder?: string;
	/** What its streams on disk hold, where the server itself says so. */
	heldBytes?: number;
	/** How many streams it has, where it says so. */
	streams?: number;
	/** Why it is not known. */
	why?: string;
};

/** An anonymous volume's name is made by the engine. */
const isAnonymous = (name: string | undefined): boolean => /^[0-9a-f]{64}$/.test(name ?? '');

/** Whether the streams are still there when the container is made again; undefined if nobody knows. */
export function outlivesContainer({kind}: StorePlace): boolean | undefined {
	return kind === 'unknown' ? undefined : kind !== 'layer' && kind !== 'memory';
}

/**
Where a store is: by the server's own word of its folder, else by what it has written into the container's own layer. Pure.

@param folder - `config.store_dir` of /jsz; undefined where the server does not answer.
@param changed - Paths that were changed in the container's layer; undefined where they were not read.
@param withStore - Destinations of the mounts that have a store in them, if that was asked.
*/
export function storePlace(
	folder: string | undefined,
	mounts: readonly StoreMount[],
	changed: readonly string[] | undefined,
	withStore: readonly string[] = [],
): StorePlace {
	if (folder !== undefined && folder !== '') {
		const path = `${posix.resolve('/', folder)}/`;
		const mount = mounts
			.filter(({destination}) =>
				path.startsWith(destination === '/' ? '/' : `${posix.resolve('/', destination)}/`),
			)
			.sort((a, b) => b.destination.length - a.destination.length)[0];
		return {kind: kindOf(mount), folder};
	}
	// The engine makes a mount point in the layer, with the folders that lead to it: nothing of it is the server's.
	const inLayer = changed
		?.filter((path) => !mounts.some(({destination}) => isOnTheWay(path, destination)))
		.map((path) => /^.*?\/jetstream(?=\/|$)/.exec(path)?.[0])
		.find(Boolean);
	if (inLayer !== undefined) {
		return {kind: 'layer', folder: inLayer};
	}
	const writable = mounts.filter((mount) => mount.writable);
	const candidates = writable.length === 1 ? writable : candidatesOf(writable, withStore);
	// It wrote nothing into its layer, so all that it has is on a folder that it can write.
	return changed !== undefined && candidates.length === 1
		? {kind: kindOf(candidates[0])}
		: {kind: 'unknown', why: 'the server does not report its store_dir'};
}

/** What is on a tmpfs cannot be read from outside, so beside one nobody knows. https://docs.docker.com/reference/cli/docker/container/cp/ */
const candidatesOf = (writable: readonly StoreMount[], withStore: readonly string[]): StoreMount[] =>
	writable.some(({type}) => type === 'tmpfs')
		? []
		: writable.filter(({destination}) => withStore.includes(destination));

/** A path that is a mount's destination, leads to it, or is below it. */
function isOnTheWay(path: string, destination: string): boolean {
	const [a, b] = [path, destination].map((one) => `${posix.resolve('/', one)}/`.replace('//', '/')) as [
		string,
		string,
	];
	return a.startsWith(b) || b.startsWith(a);
}

function kindOf(mount: StoreMount | undefined): StorePlace['kind'] {
	switch (mount?.type) {
		case undefined:
			return mount ? 'bind' : 'layer';
		case 'tmpfs':
			return 'memory';
		case 'volume':
			return isAnonymous(mount?.name) ? 'anonymous volume' : 'volume';
		default:
			return 'bind';
	}
}
