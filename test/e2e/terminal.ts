import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import xterm from '@xterm/headless';
import {type IPty, spawn} from 'node-pty';

/** What starts the console. `JETMEDIC_BIN` names another build of it. */
export const LAUNCHER =
	process.env['JETMEDIC_BIN'] ?? fileURLToPath(new URL('../../bin/jetmedic.js', import.meta.url));

/** How a program is started in a terminal. */
export type Start = {
	/** The console's own arguments. */
	args?: readonly string[];
	/** Another program than the console. */
	command?: readonly [string, ...string[]];
	columns?: number;
	rows?: number;
	/** Variables besides those of the test; undefined takes one away. */
	env?: Readonly<Record<string, string | undefined>>;
	/** The folders of another console, to share its journal. */
	home?: Home;
};

/** Where a console keeps its records and looks for its configuration. */
export type Home = {folder: string; state: string; config: string};

/** How long to wait for something; without it ten seconds. */
export type Within = {withinMs?: number};

/** How a program ended. */
export type Exit = {code: number; signal: number};

/** The bytes of keys that have a name. */
export const KEYS = {
	enter: '\r',
	esc: '\u001B',
	tab: '\t',
	'shift-tab': '\u001B[Z',
	space: ' ',
	backspace: '\u007F',
	up: '\u001B[A',
	down: '\u001B[B',
	'ctrl-c': '\u0003',
	'ctrl-u': '\u0015',
} as const;

const LAST_WORDS_MS = 500;

const open = new Set<Terminal>();
const folders = new Set<string>();

/** Starts the console (or another program) in a terminal of its own, as an operator would. */
export function start(options: Start = {}): Terminal {
	const terminal = new Terminal(options);
	open.add(terminal);
	return terminal;
}

/** Ends whatever the test left running and removes its folders: for `afterEach`. */
export function closeTerminals(): void {
	for (const terminal of open) terminal.close();
	open.clear();
	for (const folder of folders) rmSync(folder, {recursive: true, force: true, maxRetries: 5});
	folders.clear();
}

/**
 * A program in a pseudo-terminal, seen through a terminal emulator: what is on its screen is what an operator would
 * see. Every wait polls the screen and ends in an error that shows it.
 */
export class Terminal {
	readonly home: Home;
	readonly startedAt = performance.now();
	/** Milliseconds from the start to the first output; undefined before it. */
	firstOutputMs: number | undefined;
	/** All bytes that the program has written. */
	bytes = 0;
	readonly #pty: IPty;
	readonly #screen: xterm.Terminal;
	readonly #listeners = new Set<() => void>();
	readonly #ended: Promise<Exit>;
	#exit: Exit | undefined;
	#exitedAt = 0;
	#raw = '';

	constructor({args = [], command, columns = 120, rows = 36, env = {}, home}: Start) {
		this.home = home ?? makeHome();
		this.#screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
		const [file, ...rest] = command ?? [process.execPath, LAUNCHER, ...args];
		this.#pty = spawn(file, rest, {
			name: 'xterm-256color',
			cols: columns,
			rows,
			cwd: this.home.folder,
			env: environment(this.home, env),
			encoding: 'utf8',
		});
		this.#pty.onData((data) => {
			this.firstOutputMs ??= performance.now() - this.startedAt;
			this.bytes += Buffer.byteLength(data);
			// The end is what tests look at; a long run must not fill the memory.
			this.#raw = (this.#raw + data).slice(-2_000_000);
			this.#screen.write(data, () => this.#changed());
		});
		// The terminal answers what it is asked, as a real one does.
		this.#screen.onData((answer) => this.#write(answer));
		this.#ended = new Promise((resolve) => {
			this.#pty.onExit(({exitCode, signal}) => {
				this.#exit = {code: exitCode, signal: signal ?? 0};
				this.#exitedAt = performance.now();
				this.#changed();
				resolve(this.#exit);
			});
		});
	}

	/** The program's process id. */
	get pid(): number {
		return this.#pty.pid;
	}

	/** Everything that was written (its last two million characters), escape sequences and all. */
	get raw(): string {
		return this.#raw;
	}

	/** The rows of the screen, without the spaces at their ends. */
	screen(): string[] {
		const buffer = this.#screen.buffer.active;
		return Array.from(
			{length: this.#screen.rows},
			(_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
		);
	}

	/** The screen as one text. */
	text(): string {
		return this.screen().join('\n');
	}

	/** Whether a row ran over the terminal's edge into the next. */
	wraps(): boolean {
		const buffer = this.#screen.buffer.active;
		return this.screen().some((_, row) => buffer.getLine(buffer.baseY + row)?.isWrapped);
	}

	/** Which modes the program has set in the terminal. */
	modes(): {alternate: boolean; bracketedPaste: boolean; cursorHidden: boolean} {
		const {active} = this.#screen.buffer;
		return {
			alternate: active.type === 'alternate',
			bracketedPaste: this.#screen.modes.bracketedPasteMode,
			cursorHidden: this.#raw.lastIndexOf('\u001B[?25l') > this.#raw.lastIndexOf('\u001B[?25h'),
		};
	}

	/** Presses keys one after the other, by name or as what they type. */
	press(...keys: (keyof typeof KEYS | (string & {}))[]): void {
		for (const key of keys) this.#write(KEYS[key as keyof typeof KEYS] ?? key);
	}

	/** Types a text, a key at a time. */
	type(text: string): void {
		this.press(...text);
	}

	/** Sends characters in one piece, as type-ahead over a slow link arrives. */
	burst(text: string): void {
		this.#write(text);
	}

	/** Pastes as a terminal with bracketed paste does. */
	paste(text: string): void {
		this.#write(`\u001B[200~${text}\u001B[201~`);
	}

	/** Changes the terminal's size. */
	resize(columns: number, rows: number): void {
		this.#screen.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** Sends a signal to the program. */
	kill(signal: NodeJS.Signals): void {
		process.kill(this.pid, signal);
	}

	/**
	 * Waits until the screen shows the words. @returns the milliseconds it took
	 * @throws with the whole screen when it does not
	 */
	see(words: string | RegExp, within: Within = {}): Promise<number> {
		return this.until(`see ${words}`, () => has(this.text(), words), within);
	}

	/** Waits until the screen does not show the words any more. @throws with the whole screen when it does */
	gone(words: string | RegExp, within: Within = {}): Promise<number> {
		return this.until(`no longer see ${words}`, () => !has(this.text(), words), within);
	}

	/** Waits until a condition holds; it is asked when the screen changes, and ten times a second. */
	async until(what: string, holds: () => boolean, {withinMs = 10_000}: Within = {}): Promise<number> {
		const began = performance.now();
		while (!holds()) {
			// The last words of a program that has ended are still on their way through the emulator.
			const end = this.#exit ? this.#exitedAt + LAST_WORDS_MS : Number.POSITIVE_INFINITY;
			const left = Math.min(began + withinMs, end) - performance.now();
			if (left <= 0) {
				const how = this.#exit ? `; the program had ended with ${JSON.stringify(this.#exit)}` : '';
				throw new Error(`Did not ${what} within ${withinMs} ms${how}. The screen:\n${this.frame()}`);
			}
			await this.#change(Math.min(100, left));
		}
		return performance.now() - began;
	}

	/** Waits for the program's end. */
	async exit({withinMs = 10_000}: Within = {}): Promise<Exit> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(
				() => reject(new Error(`Did not end within ${withinMs} ms. The screen:\n${this.frame()}`)),
				withinMs,
			);
		});
		try {
			return await Promise.race([this.#ended, late]);
		} finally {
			clearTimeout(timer);
		}
	}

	/** The screen in a frame, for an error. */
	frame(): string {
		const edge = `+${'-'.repeat(this.#screen.cols)}+`;
		const rows = this.screen().map((row) => `|${row.padEnd(this.#screen.cols)}|`);
		return [edge, ...rows, edge].join('\n');
	}

	/** Ends the program at once. */
	close(): void {
		if (!this.#exit) {
			try {
				this.kill('SIGKILL');
			} catch {
				// It ended in this moment.
			}
		}
		this.#screen.dispose();
	}

	#write(data: string): void {
		if (!this.#exit) this.#pty.write(data);
	}

	#changed(): void {
		for (const listener of this.#listeners) listener();
	}

	#change(withinMs: number): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timer);
				this.#listeners.delete(done);
				resolve();
			};
			const timer = setTimeout(done, withinMs);
			this.#listeners.add(done);
		});
	}
}

function has(text: string, words: string | RegExp): boolean {
	return typeof words === 'string' ? text.includes(words) : words.test(text);
}

/** Folders of its own for a console's records and configuration, until `closeTerminals`. */
export function makeHome(): Home {
	const folder = mkdtempSync(join(tmpdir(), 'jetmedic-e2e-'));
	folders.add(folder);
	return {folder, state: join(folder, 'state'), config: join(folder, 'config')};
}

/** The test's environment without what would make the console behave otherwise than an operator's. */
function environment(home: Home, own: Start['env'] = {}): Record<string, string> {
	const strange = /^(VITEST|NODE_OPTIONS$|NODE_ENV$|CI$|NO_COLOR$|FORCE_COLOR$|COLORTERM$|SSH_|JETMEDIC_)/;
	const all = {
		...Object.fromEntries(Object.entries(process.env).filter(([name]) => !strange.test(name))),
		TERM: 'xterm-256color',
		XDG_STATE_HOME: home.state,
		XDG_CONFIG_HOME: home.config,
		...own,
	};
	return Object.fromEntries(
		Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
	);
}
