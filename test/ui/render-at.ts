import {EventEmitter} from 'node:events';
import {render} from 'ink';
import type {ReactNode} from 'react';

class Output extends EventEmitter {
	isTTY = true;
	frames: string[] = [];
	columns: number;
	rows: number;

	constructor(columns: number, rows: number) {
		super();
		this.columns = columns;
		this.rows = rows;
	}

	write(text: string): boolean {
		// Ink also writes modes, as bracketed paste; a frame has more than an escape sequence.
		if (text.includes('\n')) {
			this.frames.push(text);
		}
		return true;
	}
}

class Input extends EventEmitter {
	isTTY = true;
	#data: string | null = null;

	type(data: string): void {
		this.#data = data;
		this.emit('readable');
		this.emit('data', data);
	}

	read(): string | null {
		const data = this.#data;
		this.#data = null;
		return data;
	}

	setEncoding(): void {}
	setRawMode(): void {}
	ref(): void {}
	unref(): void {}
	resume(): void {}
	pause(): void {}
}

/** Renders into a terminal of a given size that exists in memory only. */
export function renderAt(node: ReactNode, {columns, rows}: {columns: number; rows: number}) {
	const stdout = new Output(columns, rows);
	const stdin = new Input();
	const instance = render(node, {
		stdout: stdout as unknown as NodeJS.WriteStream,
		stdin: stdin as unknown as NodeJS.ReadStream,
		stderr: new Output(columns, rows) as unknown as NodeJS.WriteStream,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
	return {
		frame: () => stdout.frames.at(-1) ?? '',
		frames: stdout.frames,
		type: (data: string) => stdin.type(data),
		resize(size: {columns: number; rows: number}) {
			stdout.columns = size.columns;
			stdout.rows = size.rows;
			stdout.emit('resize');
		},
		unmount: () => instance.unmount(),
	};
}
