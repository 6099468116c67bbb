/** Every fault that the lab can make on a cluster: named in time, mended by what its finding names, and gone. */
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, mend} from '../../lab/lab.ts';
import {writeSection} from '../../scripts/doc-section.ts';
import {runCase} from '../e2e/fault-case.ts';
import type {Expected} from '../e2e/faults-expected.ts';
import {type Row, tableOf} from '../e2e/faults-table.ts';
import {useLab} from '../e2e/lab.ts';
import {expectWell} from '../lab/well.ts';
import {servers} from './scene.ts';

const config = ['--config', fileURLToPath(new URL('../../lab/cluster.yaml', import.meta.url))];

const expected: Record<string, Expected> = {
	'node-down': {
		finding: 'node-down:titan-nats-3',
		words: 'titan-nats-3 is down',
		by: 'event',
		key: 'R',
	},
	'node-frozen': {
		finding: 'node-down:titan-nats-3',
		words: 'titan-nats-3 is paused',
		by: 'event',
		key: 'R',
	},
	'node-removed': {
		finding: 'node-down:titan-nats-2',
		words: 'titan-nats-2 is down',
		by: 'event',
		key: 'R',
	},
	'quorum-lost': {
		finding: 'quorum-lost',
		words: 'The cluster has lost its majority',
		by: 'event',
		key: 'R',
	},
	'r1-stream-offline': {
		finding: 'stream-offline:LAB_SINGLE',
		words: 'LAB_SINGLE is offline',
		by: 'poll',
		key: 'R',
	},
	'stream-leaderless': {
		finding: 'stream-leaderless:LAB_PAIR',
		words: /LAB_PAIR (has no leader|cannot be written)/,
		by: 'event',
		key: 'R',
		overTime: true,
	},
	// Who differs for less than 20 s may just be cut off.
	'cluster-name-differs': {
		finding: 'split-brain:cluster-name',
		words: 'The servers are in different clusters',
		by: 24,
		overTime: true,
	},
	'leader-killed': {
		finding: 'container-restarted',
		words: /titan-nats(-\d)? was restarted/,
		by: 'event',
		isNews: true,
		overTime: true,
	},
	// The others know it only once they have heard nothing for a while.
	'node-partitioned': {
		finding: 'replica-behind:titan-nats-3',
		words: /titan-nats-3 .*(is behind|cut off|not reach)/,
		by: 15,
		overTime: true,
	},
};

const rows: Row[] = [];
const named = Object.entries(expected);

describe('a fault of a cluster', {timeout: 240_000}, () => {
	useLab();
	afterEach(() => mend(), 120_000);
	afterAll(() => {
		if (rows.length === named.length) {
			const page = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));
			writeSection(page, 'faults of a cluster', tableOf(rows));
		}
	});

	it('is expected for each that the lab can make', () => {
		const made = FAULTS.filter(({topology}) => topology === 'cluster').map(({name}) => name);
		expect(Object.keys(expected).sort()).toEqual(made.sort());
	});

	it.each(named)('%s is named, mended, and gone', async (name, wanted) => {
		rows.push(await runCase(name, wanted, config));
	});

	it('is undone together with others', async () => {
		for (const name of ['consumer-stalled', 'node-partitioned', 'leader-killed']) {
			await breakFault(name);
		}
		await mend();
		await expectWell(servers);
	});

	it('is refused with a sentence where it is one of a single server', async () => {
		await expect(breakFault('disk-full')).rejects.toThrow(/disk-full is a fault of a single.*up --single/);
	});
});
