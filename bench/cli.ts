// `npm run bench [-- --long] [-- --quick]`: measures the built console on a lab of its own, prints the figures with
// their targets and writes docs/figures.md. Inside `lab exec` that lab is used.
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {inOwnLab} from '../lab/in-own-lab.ts';
import {mend} from '../lab/lab.ts';
import {backup} from './backup.ts';
import type {Figure} from './figure.ts';
import {finding} from './finding.ts';
import {firstFrame} from './first-frame.ts';
import {journalCost} from './journal.ts';
import {large, removeLarge} from './large.ts';
import {page, tableText} from './report.ts';
import {runbooks} from './runbooks.ts';
import {steady, type Watch} from './steady.ts';

const {values: flags} = parseArgs({options: {long: {type: 'boolean'}, quick: {type: 'boolean'}}});
const minute = 60_000;

/** How long a console is watched. */
const watch: Watch = flags.quick
	? {settleMs: 5000, forMs: 15_000, memoryAtMs: [20_000, 30_000]}
	: {settleMs: 10_000, forMs: minute, memoryAtMs: [minute, (flags.long ? 10 : 2) * minute]};

async function measure(): Promise<Figure[]> {
	const figures: Figure[] = [];
	const take = async (what: string, work: () => Promise<Figure[]>) => {
		process.stderr.write(`measuring ${what}\n`);
		figures.push(...(await work()));
	};
	await mend();
	await removeLarge();
	await take('the start', () => firstFrame('small'));
	await take('the steady state', () => steady('small', watch));
	await take('a killed server', () => finding('small'));
	await take('the runbooks', runbooks);
	await take('the journal', async () => journalCost());
	await take('backup and restore', backup);
	await large(async () => {
		await take('the start, large', () => firstFrame('large'));
		await take('the steady state, large', () =>
			steady('large', flags.long ? {...watch, memoryAtMs: [minute, 2 * minute]} : watch),
		);
	});
	return figures;
}

if (process.env['JETMEDIC_LAB_NAME'] === undefined) {
	process.exitCode = inOwnLab('bench', fileURLToPath(import.meta.url), process.argv.slice(2));
} else {
	const began = performance.now();
	const figures = await measure();
	process.stdout.write(`${tableText(figures)}\n`);
	if (!flags.quick) {
		const path = fileURLToPath(new URL('../docs/figures.md', import.meta.url));
		writeFileSync(path, page(figures, (performance.now() - began) / 1000));
		process.stdout.write('\nwritten to docs/figures.md\n');
	}
}
