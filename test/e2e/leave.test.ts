import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {eventually, useLab} from './lab.ts';
import {type Home, LAUNCHER, makeHome, start, type Terminal} from './terminal.ts';

/** A shell in which the console runs, as an operator starts it; the terminal's settings before and after it. */
function startInShell(home: Home, node: string): Terminal {
	const script = `stty -a > before; ${node} '${LAUNCHER}'; echo "code $?"; stty -a > after; echo left`;
	return start({command: ['/bin/sh', '-c', script], home});
}

/** The console's own process under the shell. */
function consoleOf(terminal: Terminal): Promise<number> {
	return eventually('the shell has a child', () => {
		const children = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').trim();
		return children === '' ? undefined : Number(children.split(' ')[0]);
	});
}

const send = (signal: NodeJS.Signals) => async (terminal: Terminal) => {
	process.kill(await consoleOf(terminal), signal);
};

type Way = {how: string; code: number; leave: (terminal: Terminal) => Promise<void> | void};

const ways: Way[] = [
	{how: 'q', code: 0, leave: (terminal) => terminal.press('q')},
	{how: 'ctrl-c', code: 0, leave: (terminal) => terminal.press('ctrl-c')},
	{how: 'SIGINT', code: 130, leave: send('SIGINT')},
	{how: 'SIGTERM', code: 143, leave: send('SIGTERM')},
	{how: 'SIGHUP', code: 129, leave: send('SIGHUP')},
	{how: 'an uncaught error', code: 70, leave: send('SIGUSR2')},
	{how: 'a promise that nobody caught', code: 70, leave: send('SIGPWR')},
];

describe('leaving', () => {
	useLab();

	it.each(ways)('gives the terminal back on $how', async ({code, leave}) => {
		const home = makeHome();
		const crash = join(home.folder, 'crash.cjs');
		writeFileSync(
			crash,
			`process.on('SIGUSR2', () => { throw new Error('made to fail'); });
			process.on('SIGPWR', () => { Promise.reject(new Error('made to fail')); });`,
		);
		const terminal = startInShell(home, `'${process.execPath}' --require '${crash}'`);
		await terminal.see('Nothing is wrong');
		expect(terminal.modes()).toEqual({alternate: true, bracketedPaste: true, cursorHidden: true});
		await leave(terminal);
		await terminal.see(/^left$/m);
		expect(terminal.modes()).toEqual({alternate: false, bracketedPaste: false, cursorHidden: false});
		expect(terminal.text()).toContain(`code ${code}`);
		expect(terminal.text().includes('Error: made to fail')).toBe(code === 70);
		const settings = (name: string) => readFileSync(join(home.folder, name), 'utf8');
		expect(settings('after')).toBe(settings('before'));
		expect(settings('after')).toMatch(/ icanon /);
	});
});
