import {type ChildProcess, spawn} from 'node:child_process';
import {sanitize} from '../text/sanitize.ts';

/** What is kept of a command's output: its end. */
const keptCharacters = 4000;

/** How a command ended. `why` is set when it could not be started. */
export type Ended = {
	code: number | null;
	signal: string | null;
	output: string;
	timedOut: boolean;
	why?: string;
};

/**
Runs a command without a shell, and waits for its end. An abort or the deadline kills it with all that it started.

@throws the signal's reason when it was aborted before.
*/
export async function runCommand(
	argv: readonly string[],
	{deadlineMs, signal, env}: {deadlineMs: number; signal: AbortSignal; env: NodeJS.ProcessEnv},
): Promise<Ended> {
	// An abort that came before would never be heard.
	signal.throwIfAborted();
	const [file = '', ...args] = argv;
	return new Promise((resolve) => {
		const child = spawn(file, args, {
			// A group of its own, so that what it started ends with it.
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
			env,
		});
		let output = '';
		let timedOut = false;
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				output = (output + text).slice(-keptCharacters);
			});
		}
		const timer = setTimeout(() => {
			timedOut = true;
			killGroup(child);
		}, deadlineMs);
		const abort = (): void => killGroup(child);
		signal.addEventListener('abort', abort, {once: true});
		const done = (end: Partial<Ended>): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
			resolve({code: null, signal: null, output, timedOut, ...end});
		};
		child.once('error', (error: NodeJS.ErrnoException) =>
			done({
				why:
					error.code === 'ENOENT'
						? `There is no command ${file}.`
						: `${file} cannot be run: ${sanitize(error.message, 200)}.`,
			}),
		);
		// Not "close": a daemon that the command left behind may hold its output open for ever.
		child.once('exit', (code, by) => done({code, signal: by}));
	});
}

function killGroup({pid}: ChildProcess): void {
	try {
		process.kill(-pid!, 'SIGKILL');
	} catch {
		// It ended meanwhile.
	}
}
