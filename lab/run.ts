import {spawn} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

/** A failure whose message is a whole sentence for the person at the keyboard; the CLI prints it without a stack. */
export class LabError extends Error {
	override name = 'LabError';
}

/** What a finished child process left behind; `code` is 255 when a signal ended it. */
export type Finished = {code: number; stdout: string; stderr: string};

/** How to run a child: extra environment, folder, text or bytes for stdin, and a deadline in milliseconds. */
export type RunOptions = {
	env?: Record<string, string> | undefined;
	cwd?: string;
	input?: NodeJS.ReadableStream;
	timeoutMs?: number;
};

/**
 * Runs a program and collects what it prints.
 * Never throws for a non-zero exit; a program that cannot be started gives code 127 and the reason in `stderr`.
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			env: {...process.env, ...options.env},
			cwd: options.cwd,
			stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
			timeout: options.timeoutMs,
			killSignal: 'SIGKILL',
		});
		let stdout = '';
		let stderr = '';
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr?.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
		});
		child.on('error', (error) => resolve({code: 127, stdout, stderr: error.message}));
		child.on('close', (code) => resolve({code: code ?? 255, stdout, stderr}));
		if (options.input && child.stdin) {
			// The reader may end first (a refused import): that shows in its exit code, so EPIPE here says nothing new.
			child.stdin.on('error', () => undefined);
			options.input.pipe(child.stdin);
		}
	});
}

/**
 * Runs a program that has to succeed and returns its trimmed standard output.
 * @param what what the call was for, as the start of the error sentence ("Starting titan-nats")
 * @throws LabError with `what` and the last lines the program printed
 */
export async function must(
	what: string,
	program: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<string> {
	const done = await run(program, args, options);
	if (done.code !== 0) throw new LabError(`${what} failed: ${lastLines(done.stderr || done.stdout, 4)}`);
	return done.stdout.trim();
}

/** The last `count` non-empty lines of a text, joined by " / " so that an error stays one sentence. */
export function lastLines(text: string, count: number): string {
	const lines = text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
	return lines.slice(-count).join(' / ') || 'it printed nothing';
}

/** The full path of a program in PATH (or in the given search path), or undefined when there is none. */
export function which(program: string, path = process.env['PATH'] ?? ''): string | undefined {
	for (const folder of program.includes('/') ? [''] : path.split(delimiter)) {
		const file = folder === '' ? program : join(folder, program);
		try {
			accessSync(file, constants.X_OK);
			return file;
		} catch {
			// not here: look further
		}
	}
	return undefined;
}
