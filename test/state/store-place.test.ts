import {describe, expect, test} from 'vitest';
import {outlivesContainer, type StoreMount, storePlace} from '../../source/state/store-place.ts';

const volume: StoreMount = {destination: '/data', writable: true, type: 'volume', name: 'titan_nats-data'};
const config: StoreMount = {destination: '/etc/nats', writable: false, type: 'bind'};
const tmpfs: StoreMount = {destination: '/data/jetstream', writable: true, type: 'tmpfs'};

const js: StoreMount = {...volume, destination: '/data/jetstream'};

describe('where a store is', () => {
	test.each<[string, string | undefined, StoreMount[], string[] | undefined, string, boolean | undefined]>([
		['on a volume', '/data/jetstream', [volume, config], undefined, 'volume', true],
		['on a volume at the folder itself', '/data', [volume], undefined, 'volume', true],
		[
			'on an anonymous volume',
			'/data/jetstream',
			[{...volume, name: 'a'.repeat(64)}],
			undefined,
			'anonymous volume',
			true,
		],
		['on a bind mount', '/data/jetstream', [{...volume, type: 'bind'}], undefined, 'bind', true],
		['beside the volume', '/var/lib/nats/jetstream', [volume, config], undefined, 'layer', false],
		['beside a folder whose name begins like it', '/database/jetstream', [volume], undefined, 'layer', false],
		['above the volume by dots', '/data/../var/jetstream', [volume], undefined, 'layer', false],
		['in a container without mounts', '/tmp/nats/jetstream', [], undefined, 'layer', false],
		['on a tmpfs over the volume', '/data/jetstream', [volume, tmpfs], undefined, 'memory', false],
		[
			'everywhere under a mount of /',
			'/x/jetstream',
			[{...volume, destination: '/'}],
			undefined,
			'volume',
			true,
		],
		[
			'in the layer, by what was written there, where the server is silent',
			undefined,
			[volume, config],
			['/etc', '/var/lib/nats/jetstream/$G/streams/ORDERS/msgs/1.blk'],
			'layer',
			false,
		],
		[
			'on the one mount, where nothing was written into the layer',
			undefined,
			[volume, config],
			['/etc'],
			'volume',
			true,
		],
		['unknown, where one of two mounts may have it', undefined, [volume, tmpfs], [], 'unknown', undefined],
		['unknown, where the layer was not read', undefined, [volume], undefined, 'unknown', undefined],
		['unknown, where it has none', undefined, [config], [], 'unknown', undefined],
		[
			'on the volume whose mount point the engine made in the layer',
			undefined,
			[js],
			['/data', '/data/jetstream'],
			'volume',
			true,
		],
		[
			'on it, whatever of the layer it hides',
			undefined,
			[{...js, destination: '/data/jetstream/'}],
			['/data/jetstream/$G'],
			'volume',
			true,
		],
		[
			'in the layer beside that mount point',
			undefined,
			[js],
			['/data', '/data/jetstream', '/var/jetstream', '/var/jetstream/$G'],
			'layer',
			false,
		],
	])('%s', (_, folder, mounts, changed, kind, outlives) => {
		const place = storePlace(folder, mounts, changed);
		expect(place.kind).toBe(kind);
		expect(outlivesContainer(place)).toBe(outlives);
	});

	test('is the one of several mounts that has it', () => {
		const bind: StoreMount = {...config, writable: true};
		expect(storePlace(undefined, [volume, bind], [], ['/data']).kind).toBe('volume');
		expect(storePlace(undefined, [volume, bind], [], []).kind).toBe('unknown');
		expect(storePlace(undefined, [volume, bind], [], ['/data', '/etc/nats']).kind).toBe('unknown');
		expect(storePlace(undefined, [volume, bind], undefined, ['/data']).kind).toBe('unknown');
		// What is on a tmpfs cannot be seen from outside.
		const scratch: StoreMount = {destination: '/tmp', writable: true, type: 'tmpfs'};
		expect(storePlace(undefined, [volume, scratch], [], ['/data']).kind).toBe('unknown');
	});

	test('in the layer is told with its folder', () => {
		expect(storePlace(undefined, [], ['/var', '/var/lib/jetstream', '/var/lib/jetstream/x']).folder).toBe(
			'/var/lib/jetstream',
		);
	});
});
