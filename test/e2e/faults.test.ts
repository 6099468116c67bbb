/** Every fault that the lab can make on a single server: named in time, mended by what its finding names, and gone. */
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {mend} from '../../lab/lab.ts';
import {writeSection} from '../../scripts/doc-section.ts';
import {runCase} from './fault-case.ts';
import {expected} from './faults-expected.ts';
import {type Row, tableOf} from './faults-table.ts';
import {useLab} from './lab.ts';

const rows: Row[] = [];
const named = Object.entries(expected);

describe('a fault', {timeout: 240_000}, () => {
	useLab();
	afterEach(() => mend(), 120_000);
	afterAll(() => {
		// Where only some were run the page stays as it is.
		if (rows.length === named.length) {
			const page = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));
			writeSection(page, 'faults', tableOf(rows));
		}
	});

	it('is expected for each that the lab can make on a single server', () => {
		const made = FAULTS.filter(({topology}) => topology !== 'cluster').map(({name}) => name);
		expect(Object.keys(expected).sort()).toEqual(made.sort());
	});

	it.each(named)('%s is named, mended, and gone', async (name, wanted) => {
		rows.push(await runCase(name, wanted));
	});
});
