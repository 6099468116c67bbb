import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {expect} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import type {Finding} from '../../source/diagnosis/finding.ts';
import {lookBefore, symptoms} from '../lab/symptoms.ts';
import {placeIn} from '../place-in.ts';
import type {Expected} from './faults-expected.ts';
import type {Row} from './faults-table.ts';
import {confirm, eventually, finished, journals} from './lab.ts';
import {type Home, LAUNCHER, start, type Terminal} from './terminal.ts';

/** On an idle machine; and how much longer a busy one may take. */
const limitMs = {event: 500, poll: 3000};
const slackMs = 4000;

/**
Makes a fault, sees its finding on the screen in time and in one look of `check`, runs the remedy that it names until
that is verified, or undoes the fault where a human must, and sees that the finding is gone.

@param args - The arguments of the console and of `check`.
@returns Its row in the table.
*/
export async function runCase(name: string, wanted: Expected, args: readonly string[] = []): Promise<Row> {
	const terminal = start({args});
	await calm(terminal, wanted);
	// What is kept is kept once the server is known to be the container's: a look of check compares with that.
	await eventually('the console remembers', () => existsSync(placeIn(terminal.home.state).memory));
	const before = await lookBefore();
	const {afterMs} = await breakAndSee(name, wanted, terminal);
	// Docker and NATS themselves say so, too: the fault is there, and is the one that it says it is.
	await eventually(`${name} shows from outside`, () => symptoms[name]!(before).catch(() => false), 20_000);
	const told = await lookOnce(terminal.home, args);
	const finding = told.find(({id}) => isOf(id, wanted.finding));
	if (wanted.finding === undefined) {
		// A machine that runs tests may well answer slowly.
		expect(told.filter(({id}) => id !== 'rtt-slow')).toEqual([]);
	} else if (!wanted.overTime) {
		expect(told.map(({id}) => id)).toContainEqual(finding?.id ?? wanted.finding);
	}
	// Whatever names and logs hold, no row runs over the edge, and the console is still alone on its screen.
	expect(terminal.wraps()).toBe(false);
	expect(terminal.modes().alternate).toBe(true);
	const mended = wanted.finding === undefined ? undefined : await remedy(terminal, wanted);
	if (wanted.finding !== undefined && !wanted.isNews) {
		await terminal.gone(wanted.words, {withinMs: 30_000});
	}
	await terminal.see('1 CONTAINERS');
	const {by, key, isNews} = wanted;
	return {name, finding: wanted.finding, by, afterMs, key, isNews, advice: finding?.advice, ...mended};
}

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
	// A server that hangs is restarted once its own health check has failed five times.
	await terminal.see(new RegExp(`(^|\\s)${key} (restart|purge|full recovery|recreate)`, 'm'), {
		withinMs: 20_000,
	});
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
export function lookOnce(
	{folder, state, config}: Home,
	args: readonly string[] = [],
): Promise<Pick<Finding, 'id' | 'advice' | 'cause'>[]> {
	const env = {...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: config};
	return new Promise((resolve, reject) => {
		execFile(
			process.execPath,
			[LAUNCHER, 'check', '--json', ...args],
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
