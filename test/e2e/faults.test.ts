/** Every fault that the lab can make on a single server: named in time, mended by what its finding names, and gone. */
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, mend} from '../../lab/lab.ts';
import {writeSection} from '../../scripts/doc-section.ts';
import type {Finding} from '../../source/diagnosis/finding.ts';
import {lookBefore, symptoms} from '../lab/symptoms.ts';
import {type Expected, expected} from './faults-expected.ts';
import {type Row, tableOf} from './faults-table.ts';
import {confirm, eventually, finished, journals, useLab} from './lab.ts';
import {type Home, LAUNCHER, start, type Terminal} from './terminal.ts';

/** On an idle machine; and how much longer a busy one may take. */
const limitMs = {event: 500, poll: 3000};
const slackMs = 4000;

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
		const terminal = start();
		await calm(terminal, wanted);
		const before = await lookBefore();
		const {afterMs} = await breakAndSee(name, wanted, terminal);
		// Docker and NATS themselves say so, too: the fault is there, and is the one that it says it is.
		await eventually(`${name} shows from outside`, () => symptoms[name]!(before).catch(() => false), 20_000);
		const told = await lookOnce(terminal.home);
		const finding = told.find(({id}) => isOf(id, wanted.finding));
		if (wanted.finding === undefined) {
			expect(told).toEqual([]);
			expect(terminal.wraps()).toBe(false);
		} else if (!wanted.overTime) {
			expect(told.map(({id}) => id)).toContainEqual(finding?.id ?? wanted.finding);
		}
		const mended = wanted.finding === undefined ? undefined : await remedy(terminal, wanted);
		if (wanted.finding !== undefined && !wanted.isNews) {
			await terminal.gone(wanted.words, {withinMs: 20_000});
		}
		await terminal.see('1 CONTAINERS');
		rows.push({name, finding: wanted.finding, by: wanted.by, afterMs, key: wanted.key, ...mended});
	});
});

/** Nothing is wrong, for as long as the console must have watched to know what is usual. */
async function calm(terminal: Terminal, {watchedFor = 0}: Expected): Promise<void> {
	// After a repair what has just been restarted is still told of for a while, but not to a new console.
	await terminal.see('Nothing is wrong', {withinMs: 30_000});
	const from = Date.now();
	await eventually(
		'it was watched long enough',
		() => Date.now() - from >= watchedFor * 1000,
		watchedFor * 1000 + 5000,
	);
}

async function breakAndSee(
	name: string,
	{words, by}: Expected,
	terminal: Terminal,
): Promise<{afterMs: number}> {
	const allowedMs = (typeof by === 'number' ? by * 1000 : limitMs[by]) + slackMs;
	const seen = terminal.see(words, {withinMs: allowedMs + 30_000}).then(() => performance.now());
	const [brokenAt, seenAt] = await Promise.all([breakFault(name).then(() => performance.now()), seen]);
	// Some faults take a while to make, and are seen while they are being made.
	const afterMs = Math.max(0, seenAt - brokenAt);
	expect(afterMs).toBeLessThan(allowedMs);
	return {afterMs};
}

/** Runs what the finding names, or lets the lab do what a human must. */
async function remedy(terminal: Terminal, {key}: Expected): Promise<{verifiedMs?: number; lost?: string}> {
	if (key === undefined) {
		await mend();
		return {};
	}
	await terminal.see(new RegExp(`(^|\\s)${key} (restart|purge|full recovery)`, 'm'));
	const began = performance.now();
	terminal.press(key);
	await confirm(terminal);
	await terminal.see('VERIFIED', {withinMs: 120_000});
	expect(terminal.text()).not.toContain('UNVERIFIED');
	const verifiedMs = performance.now() - began;
	await finished(terminal.home);
	terminal.press('esc');
	const lost = journals(terminal.home)
		.at(-1)
		?.flatMap((event) => (event.event === 'lost' ? [event.text] : []))
		.join('; ');
	return {verifiedMs, ...(lost ? {lost} : {})};
}

const isOf = (id: string, wanted: string | undefined): boolean =>
	wanted !== undefined && (id === wanted || id.startsWith(`${wanted}:`));

/** The findings of one look, by another process, with the memory of this console. */
function lookOnce({folder, state, config}: Home): Promise<Pick<Finding, 'id'>[]> {
	const env = {...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: config};
	return new Promise((resolve, reject) => {
		execFile(
			process.execPath,
			[LAUNCHER, 'check', '--json'],
			{cwd: folder, env, maxBuffer: 1 << 27, timeout: 30_000},
			(error, stdout) => {
				try {
					resolve(JSON.parse(stdout).findings);
				} catch {
					reject(error ?? new Error(`check gave no JSON: ${stdout.slice(0, 200)}`));
				}
			},
		);
	});
}
