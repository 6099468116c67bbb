import {breaks} from '../mutant.ts';

const store = 'source/runbook/preflight/store.ts';
const full = {file: 'test/integration/full-store.test.ts'};

/** On a full disk: free space, restart, then purge. */
export const order = breaks('The order on a full disk', [
	{
		name: 'full-store',
		without: 'the look at the disk of the store',
		changes: [
			{
				file: store,
				find: 'const full = isKnown && disk.freeBytes < leastFreeBytes(disk.totalBytes);',
				put: 'const full = isKnown && disk.freeBytes < 0 * leastFreeBytes(disk.totalBytes);',
			},
		],
		test: full,
	},
	{
		name: 'started-on-full-disk',
		without: 'the look at the limit that a server took from a full disk',
		changes: [
			{
				file: store,
				find: 'if (!isKnown && server && startedOnFullDisk(server) && !needs.restartsFirst) {',
				put: 'if (!isKnown && server && startedOnFullDisk(server) && needs.purge === null) {',
			},
		],
		test: {file: 'test/runbook/preflight/store.test.ts'},
	},
]);
