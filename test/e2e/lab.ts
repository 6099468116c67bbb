import {execFile} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {connect} from 'nats';
import {afterEach, beforeAll} from 'vitest';
import {mend} from '../../lab/lab.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {isAlive} from '../../source/records/process.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';
import {closeTerminals, type Home, type Terminal} from './terminal.ts';

const execute = promisify(execFile);

/** A healthy lab before the first test of a file, and no console left open after each. */
export function useLab(): void {
	beforeAll(() => mend());
	afterEach(closeTerminals);
}

/** Asks again and again until the answer is neither undefined nor false, and gives it. */
export async function eventually<Value>(
	what: string,
	ask: () => Promise<Value | undefined | false> | Value | undefined | false,
	withinMs = 15_000,
): Promise<Value> {
	let failed: unknown;
	const answer = await until(
		what,
		async () => {
			try {
				return await ask();
			} catch (error) {
				// A question that fails is no answer to wait for: it ends the wait, and the test.
				failed = error;
				return FAILED;
			}
		},
		withinMs,
		50,
	);
	if (answer === FAILED) throw failed;
	return answer as Value;
}

const FAILED = Symbol('failed');

/** Runs the docker client of the lab's engine. */
export async function docker(...args: string[]): Promise<string> {
	const {stdout} = await execute('docker', args, {timeout: 30_000});
	return stdout.trim();
}

/** What the engine says of a container: since when it runs, and its process on this machine. */
export async function container(name: string): Promise<{status: string; startedAt: string; pid: number}> {
	const format = '{{.State.Status}} {{.State.StartedAt}} {{.State.Pid}}';
	const [status = '', startedAt = '', pid] = (await docker('inspect', '-f', format, name)).split(' ');
	return {status, startedAt, pid: Number(pid)};
}

/** The stream's first sequence: it moves when something is removed. */
export async function firstSequence(): Promise<number> {
	const connection = await connect({servers: '127.0.0.1:4222', timeout: 2000, reconnect: false});
	try {
		const manager = await connection.jetstreamManager({checkAPI: false});
		return (await manager.streams.info('TITAN_INTENTS')).state.first_seq;
	} finally {
		await connection.close();
	}
}

/** Puts messages into the deployment's stream, which its consumer takes. */
export async function publishIntents(messages: number): Promise<void> {
	const connection = await connect({servers: '127.0.0.1:4222', timeout: 2000, reconnect: false});
	try {
		const stream = connection.jetstream({timeout: 10_000});
		await Promise.all(
			Array.from({length: messages}, (_, index) => stream.publish('titan.intents.test', `message ${index}`)),
		);
	} finally {
		await connection.close();
	}
}

/** The journals that a console (or its run) has written, the oldest first. */
export function journals({state}: Home): JournalEvent[][] {
	const folder = placeIn(state).runs;
	let files: string[] = [];
	try {
		files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
	} catch {
		// Nothing was ever run.
	}
	return files.sort().map((name) =>
		readFileSync(join(folder, name), 'utf8')
			.split('\n')
			// The last line may be half written.
			.slice(0, -1)
			.map((line) => JSON.parse(line) as JournalEvent),
	);
}

/** Waits for the last run's end, and gives its last line. @throws at once where its process is gone without one */
export function finished(home: Home, withinMs = 60_000): Promise<JournalEvent & {event: 'finished'}> {
	return eventually(
		'the run ends',
		() => {
			const begun = journals(home).at(-1)?.[0];
			const isGone = begun?.event === 'started' && !isAlive(begun.pid, begun.pidStart);
			// Read again: it may have ended between the two looks.
			const end = journals(home)
				.at(-1)
				?.find((event) => event.event === 'finished');
			if (isGone && !end) throw new Error('The run was killed before its end.');
			return end;
		},
		withinMs,
	);
}

/** Confirms the plan on the screen as it asks for it, and waits until the run is on the screen (or what is asked for). */
export async function confirm(
	terminal: Terminal,
	{until = () => terminal.text().includes('RUN  ')}: {until?: () => boolean} = {},
): Promise<void> {
	await terminal.see(/Press y|Type TITAN_INTENTS/);
	if (terminal.text().includes('Press y')) {
		await pressUntil(terminal, 'y', until);
	} else {
		await typeName(terminal, 'TITAN_INTENTS');
		await pressUntil(terminal, 'enter', until);
	}
}

/** Asks for the last run until it is shown: a console reads its journals a moment after its first frame. */
export async function showLastRun(terminal: Terminal): Promise<void> {
	await eventually('the last run is shown', async () => {
		if (terminal.text().includes('RUN  ')) return true;
		terminal.press('v');
		return shows(terminal, () => terminal.text().includes('RUN  '), 300);
	});
}

/** Whether the screen comes to show something within a moment. */
const shows = (terminal: Terminal, wanted: () => boolean, withinMs: number): Promise<boolean> =>
	terminal.until('change', wanted, {withinMs}).then(
		() => true,
		() => false,
	);

/** Types the stream's name into the dialog: what comes before the plan could be read is dropped, so until it is there. */
export async function typeName(terminal: Terminal, name: string): Promise<void> {
	await eventually(`"${name}" is typed`, async () => {
		const typedNow = () => /❯ (\S*)/.exec(terminal.text())?.[1] ?? '';
		const typed = typedNow();
		if (typed === name) return true;
		if (name.startsWith(typed)) terminal.type(name.slice(typed.length));
		else terminal.press('ctrl-u');
		return shows(terminal, () => typedNow() === name, 200);
	});
}

/** Presses a key again until it worked, as an operator does whose first press came before the plan could be read. */
export async function pressUntil(terminal: Terminal, key: string, worked: () => boolean): Promise<void> {
	for (let press = 0; press < 10 && !worked(); press++) {
		terminal.press(key);
		await terminal
			.until('change', () => worked() || terminal.text().includes('starting…'), {withinMs: 400})
			.catch(() => {});
		if (terminal.text().includes('starting…')) await terminal.until('start', worked, {withinMs: 15_000});
	}
	await terminal.until('show the run', worked);
}
