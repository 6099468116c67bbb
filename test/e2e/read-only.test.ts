import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {processStart} from '../../source/records/process.ts';
import {bindingsOf} from '../../source/ui/keys/bindings.ts';
import type {Mode} from '../../source/ui/model.ts';
import {placeIn} from '../place-in.ts';
import {changing} from '../proxy/changing.ts';
import {dockerProxy} from '../proxy/docker.ts';
import {natsProxy} from '../proxy/nats.ts';
import {eventually, journals, useLab} from './lab.ts';
import {type Home, KEYS, makeHome, start, type Terminal} from './terminal.ts';

const refusal = 'This console is read-only';
const leaves = new Set(['q', 'ctrl-c']);

/** What a key of the table sends. */
const sent: Record<string, string> = {
	...KEYS,
	home: '\u001B[H',
	end: '\u001B[F',
	pageup: '\u001B[5~',
	pagedown: '\u001B[6~',
	'ctrl-b': '\u0002',
	'ctrl-d': '\u0004',
};

function bytesOf(key: string): string {
	const bytes = sent[key] ?? key;
	// A new key with a name must be known here, or it would be typed letter by letter.
	expect([...bytes].length === 1 || key in sent, `the bytes of the key "${key}"`).toBe(true);
	return bytes;
}

/** Every key of the table in a mode, but for those that leave the console. */
const keysIn = (mode: Mode) =>
	bindingsOf(titan)
		.filter(({modes, command}) => modes.includes(mode) && command !== 'quit')
		.flatMap(({keys, dangerous}) => keys.map((key) => ({key, dangerous: dangerous === true})));

/** A process that stands for somebody's run that goes on, with its journal. */
function liveRun(home: Home): ChildProcess {
	const child = spawn('sleep', ['600'], {stdio: 'ignore'});
	onTestFinished(() => void child.kill('SIGKILL'));
	const folder = placeIn(home.state).runs;
	mkdirSync(folder, {recursive: true});
	const started: JournalEvent = {
		event: 'started',
		at: Date.now(),
		run: 'somebody',
		runbook: 'restart',
		title: 'restart titan-nats',
		deployment: 'titan',
		host: 'here',
		user: 'ana',
		origin: 'local',
		pid: child.pid!,
		pidStart: processStart(child.pid!),
		version: '0',
		confirmed: {how: 'key'},
		backup: false,
		steps: [{id: 'restart', title: 'restart titan-nats', text: 'the data stays'}],
	};
	writeFileSync(join(folder, '20260101T000000000-restart-1.jsonl'), `${JSON.stringify(started)}\n`);
	return child;
}

/** Presses every key of a mode, each followed by what would confirm it. */
async function pressAll(terminal: Terminal, mode: Mode, back: () => Promise<unknown>): Promise<void> {
	for (const {key, dangerous} of keysIn(mode)) {
		if (leaves.has(key)) {
			continue;
		}
		await back();
		terminal.burst(bytesOf(key));
		if (dangerous) {
			await terminal.see(refusal);
		}
		// Whatever dialog it opened would be confirmed by these.
		for (const answer of ['y', '\r']) {
			terminal.burst(answer);
		}
		if (dangerous) {
			terminal.type('TITAN_INTENTS');
			terminal.burst('\r');
		}
	}
}

describe('a read-only console', {timeout: 180_000}, () => {
	useLab();

	it('sends no changing request whatever key of the table is pressed, and says why', async () => {
		const [docker, nats] = await Promise.all([dockerProxy(), natsProxy()]);
		onTestFinished(async () => {
			await Promise.all([docker.close(), nats.close()]);
		});
		const home = makeHome();
		const terminal = start({
			home,
			args: ['--read-only', '--docker-host', docker.host, '--nats-url', nats.url],
		});
		await terminal.see('READ-ONLY');
		await terminal.see('Nothing is wrong', {withinMs: 20_000});
		/** Back from wherever a key led. Keys are taken in order: once the help is open, all before it were. */
		const toWatch = () =>
			eventually('the watch screen is back', async () => {
				terminal.press('esc');
				await terminal.gone(/enter keep|DETAIL|HELP/, {withinMs: 1000}).catch(() => {});
				terminal.press('?');
				if (!(await terminal.see('HELP', {withinMs: 1000}).catch(() => false))) {
					return false;
				}
				terminal.press('esc');
				await terminal.gone('HELP');
				return true;
			});
		const opened = (key: string, seen: string | RegExp) => async () => {
			await toWatch();
			// Containers have details and can be filtered; the charts can't.
			terminal.press('1');
			terminal.burst(bytesOf(key));
			await terminal.see(seen);
		};
		const modes: [Mode, () => Promise<unknown>][] = [
			['watch', toWatch],
			['detail', opened('enter', 'DETAIL')],
			['help', opened('?', 'HELP')],
			['search', opened('/', /enter keep/)],
			['filter', opened('f', /enter keep/)],
			// No key leads into these; what they are confirmed with is pressed all the same.
			['menu', toWatch],
			['plan-key', toWatch],
			['plan-type', toWatch],
			['plan-wait', toWatch],
			['abort', toWatch],
		];
		for (const [mode, back] of modes) {
			await pressAll(terminal, mode, back);
		}
		await toWatch();
		// A run of somebody who may: it is watched, and can't be aborted from here.
		const child = liveRun(home);
		await pressAll(terminal, 'run', async () => {
			await toWatch();
			if (!/RUN +restart/.test(terminal.text())) {
				terminal.press('v');
				await terminal.see(/RUN +restart/);
			}
		});
		expect(child.signalCode).toBeNull();
		expect(child.exitCode).toBeNull();

		expect(docker.requests.length).toBeGreaterThan(20);
		expect(nats.requests.length).toBeGreaterThan(20);
		expect(changing(docker.requests)).toEqual([]);
		expect(changing(nats.requests)).toEqual([]);
		expect(journals(home)).toHaveLength(1);
	});
});
