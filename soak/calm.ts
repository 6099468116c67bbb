import {execFile} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from 'nats';
import {mend} from '../lab/lab.ts';
import {closeTerminals, type Home, LAUNCHER, start, type Terminal} from '../test/e2e/terminal.ts';

/** What was done meanwhile, and what was raised although nothing was wrong. */
export type Calm = {
	minutes: number;
	messages: number;
	bursts: number;
	consoles: number;
	checks: number;
	/** A sentence each. */
	alarms: string[];
};

/** Less than the lag that is a finding, so that no burst alone is one. */
const largestBurst = 800;
/** So small that an hour of them does not fill the stream: a stream that fills is a finding, and a true one. */
const mostBytes = 150;
/** The longest pause between two bursts: the lab's own publisher goes on meanwhile. */
const longestPauseMs = 20_000;
const consoleLivesMs = {least: 30_000, most: 240_000};
const checkEveryMs = 20_000;
/** After a repair what has just been restarted is still told of for a while. */
const settleMs = 75_000;

/**
Watches a healthy lab under bursts, with a console that is quit or killed and started again, and `check` beside it.

@param minutes - For how long.
@returns Each thing that the console or `check` called wrong is an alarm, and a false one.
*/
export async function calm(minutes: number, say: (text: string) => void): Promise<Calm> {
	const done: Calm = {minutes, messages: 0, bursts: 0, consoles: 0, checks: 0, alarms: []};
	await mend();
	await sleep(settleMs);
	const endsAt = Date.now() + minutes * 60_000;
	const home = consoleHome();
	try {
		await Promise.all([
			publish(done, endsAt),
			watch(done, home, endsAt),
			check(done, home, endsAt),
			report(done, endsAt, say),
		]);
	} finally {
		closeTerminals();
	}
	return done;
}

function consoleHome(): Home {
	const terminal = start();
	terminal.kill('SIGTERM');
	return terminal.home;
}

async function publish(done: Calm, endsAt: number): Promise<void> {
	const connection = await connect({servers: '127.0.0.1:4222', maxReconnectAttempts: -1});
	const stream = connection.jetstream({timeout: 20_000});
	while (Date.now() < endsAt) {
		const count = 1 + Math.floor(Math.random() * largestBurst);
		const body = new Uint8Array(16 + Math.floor(Math.random() * mostBytes));
		await Promise.all(Array.from({length: count}, () => stream.publish('titan.intents.soak', body)));
		done.messages += count;
		done.bursts++;
		await sleep(Math.random() * longestPauseMs);
	}
	await connection.close();
}

async function watch(done: Calm, home: Home, endsAt: number): Promise<void> {
	while (Date.now() < endsAt) {
		const terminal = start({home});
		done.consoles++;
		const livesMs = consoleLivesMs.least + Math.random() * (consoleLivesMs.most - consoleLivesMs.least);
		const until = Math.min(endsAt, Date.now() + livesMs);
		while (Date.now() < until) {
			note(done, `console ${done.consoles}`, alarmOn(terminal));
			await sleep(100);
		}
		terminal.kill(Math.random() < 0.5 ? 'SIGKILL' : 'SIGTERM');
		await terminal.exit();
	}
}

/** The first row of the diagnosis, where it calls something wrong. */
function alarmOn(terminal: Terminal): string | undefined {
	const rows = terminal.screen();
	const title = rows.findIndex((row) => row.includes('DIAGNOSIS'));
	const row = title < 0 ? undefined : rows[title + 1];
	return row === undefined || row.trim() === '' || /Nothing is wrong|Not known yet/.test(row)
		? undefined
		: row.trim().replace(/\s+/g, ' ');
}

async function check(done: Calm, home: Home, endsAt: number): Promise<void> {
	while (Date.now() < endsAt) {
		const {findings} = await look(home);
		done.checks++;
		for (const {title, evidence} of findings) {
			note(done, `check ${done.checks}`, `${title}: ${evidence}`);
		}
		await sleep(checkEveryMs);
	}
}

/** A finding that stays is one alarm, whatever its figures do. */
function note(done: Calm, where: string, words: string | undefined): void {
	const alarm = words && `${where}: ${words.replace(/[\d.,]+/g, 'N')}`;
	if (alarm && !done.alarms.includes(alarm)) {
		done.alarms.push(alarm);
		process.stdout.write(`ALARM ${where}: ${words}\n`);
	}
}

function look({folder, state, config}: Home): Promise<{findings: {title: string; evidence: string}[]}> {
	return new Promise((resolve, reject) => {
		execFile(
			process.execPath,
			[LAUNCHER, 'check', '--json'],
			{
				cwd: folder,
				env: {...process.env, XDG_STATE_HOME: state, XDG_CONFIG_HOME: config},
				maxBuffer: 1 << 26,
			},
			(error, stdout) => {
				try {
					resolve(JSON.parse(stdout));
				} catch {
					reject(error ?? new Error(`check gave no JSON: ${stdout.slice(0, 200)}`));
				}
			},
		);
	});
}

async function report(done: Calm, endsAt: number, say: (text: string) => void): Promise<void> {
	while (Date.now() < endsAt) {
		await sleep(Math.min(60_000, Math.max(0, endsAt - Date.now())));
		const left = Math.max(0, Math.round((endsAt - Date.now()) / 60_000));
		say(`${left} minutes left: ${sentence(done)}`);
	}
}

/** The figures in one line. */
export const sentence = ({messages, bursts, consoles, checks, alarms}: Calm): string =>
	`${messages} messages in ${bursts} bursts, ${consoles} consoles, ${checks} checks, ${alarms.length} false alarms`;
