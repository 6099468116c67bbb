import {expect, it} from 'vitest';
import {readStorePlace, type StoreReader} from '../../source/clients/store-place.ts';
import {httpServer} from './server.ts';

const volume = {source: '', destination: '/data', writable: true, type: 'volume', name: 'data'};
const bind = {source: '/srv/nats', destination: '/etc/nats', writable: true, type: 'bind'};

const folders = ['/data', '/etc/nats'];

const engine = (paths: string[], changes: Partial<StoreReader> = {}): StoreReader => ({
	mounts: async () => [volume, bind],
	changedPaths: async () => ['/data', '/etc', '/etc/nats'],
	isFolder: async (_id, path) => [...folders, ...paths].includes(path),
	...changes,
});

it('is the mount that has it, of several that the server can write', async () => {
	expect(await readStorePlace(engine(['/data/jetstream']), 'id', undefined)).toEqual({kind: 'volume'});
	expect(await readStorePlace(engine(['/etc/nats/jetstream']), 'id', undefined)).toEqual({kind: 'bind'});
	expect((await readStorePlace(engine([]), 'id', undefined)).kind).toBe('unknown');
	const mounted = engine(['/data/jetstream'], {
		mounts: async () => [{...volume, destination: '/data/jetstream'}, bind],
	});
	expect(await readStorePlace(mounted, 'id', undefined)).toEqual({kind: 'volume'});
	const file = engine(['/data/jetstream'], {
		mounts: async () => [volume, {...bind, destination: '/etc/nats.conf'}],
	});
	expect(await readStorePlace(file, 'id', undefined)).toEqual({kind: 'volume'});
});

it('is not known where the engine does not say what a mount has', async () => {
	const silent = engine([], {
		isFolder: async () => {
			throw new Error('no answer in time');
		},
	});
	expect(await readStorePlace(silent, 'id', undefined)).toEqual({kind: 'unknown', why: 'no answer in time'});
});

it('is where the server says, with what it holds if it says so', async () => {
	const of = async (jsz: object) => {
		const monitor = await httpServer((_, response) => response.end(JSON.stringify(jsz)));
		return readStorePlace(engine([]), 'id', monitor);
	};
	const config = {max_storage: 1, store_dir: '/data/jetstream'};
	expect(await of({storage: 0, streams: 2, config})).toEqual({
		kind: 'volume',
		folder: '/data/jetstream',
		heldBytes: 0,
		streams: 2,
	});
	expect(await of({config})).toEqual({kind: 'volume', folder: '/data/jetstream'});
});
