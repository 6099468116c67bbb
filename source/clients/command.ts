import {spawn} from 'node:child_process';
import {childEnvironment} from '../config/child-environment.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';

type Options = {
	argv: readonly string[];
	/** What the program reads on its standard input. */
	input: string;
	/** Variables besides the few that it gets of this process; see `childEnvironment`. */
	env: Record<string, string>;
	/** The variables of this process that the configuration passes on. */
	pass?: readonly string[] | undefined;
	deadlineMs: number;
};

/** Of what a program says on stderr, the end says why it failed. */
const keptOfStderr = 4000;

/**
Runs a program, without a shell, and waits for its end. What it prints goes nowhere.

@throws an Error that says why it did not succeed: not found, an exit code with its last words, or no end within
`deadlineMs`, after which it is killed with all that it started.
*/
export function runProgram({argv, input, env, pass, deadlineMs}: Options): Promise<void> {
	const [program = '', ...args] = argv;
	return new Promise((resolve, reject) => {
		// A session of its own, so that what it started can be killed with it.
		const child = spawn(program, args, {
			detached: true,
			stdio: ['pipe', 'ignore', 'pipe'],
			env: {...childEnvironment(process.env, pass), ...env},
		});
		let said = '';
		let late = false;
		let settled = false;
		const settle = (done: () => void): void => {
			if (!settled) {
				settled = true;
				clearTimeout(timer);
				// A grandchild may hold the other end for ever.
				child.stderr.destroy();
				done();
			}
		};
		const timer = setTimeout(() => {
			late = true;
			killGroup(child.pid);
			settle(() => reject(new Error(`it did not end within ${deadlineMs / 1000} s and was killed`)));
		}, deadlineMs);
		child.stderr.setEncoding('utf8');
		child.stderr.on('data', (text: string) => {
			said = (said + text).slice(-keptOfStderr);
		});
		child.stderr.on('error', () => {});
		// A program need not read what it is given (EPIPE).
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		child.once('error', (error: NodeJS.ErrnoException) => settle(() => reject(new Error(whyNot(error)))));
		child.once('exit', (code, signal) => {
			// Its last words may still be on their way.
			setImmediate(() =>
				settle(() => {
					if (code === 0 && !late) {
						resolve();
						return;
					}
					const end = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
					const words = lastWords(said, args);
					reject(new Error(words === '' ? end : `${end}: ${words}`));
				}),
			);
		});
	});
}

function whyNot({code, message}: NodeJS.ErrnoException): string {
	switch (code) {
		case 'ENOENT':
			return 'there is no such program';
		case 'EACCES':
			return 'it is not executable';
		default:
			return redact(sanitize(message, 120));
	}
}

/** The last line on stderr; programs like to repeat their arguments, and one of those may be a secret. */
function lastWords(said: string, args: readonly string[]): string {
	const line = said.trimEnd().split('\n').at(-1) ?? '';
	const hidden = args
		.filter((arg) => arg.length >= 8 && !/^-[\w-]*$/.test(arg))
		.reduce((text, arg) => text.replaceAll(arg, '***'), line);
	// In this order: an escape sequence before a word hides the word from redact.
	return redact(sanitize(hidden, 120));
}

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) {
			process.kill(-pid, 'SIGKILL');
		}
	} catch {
		// It ended in this moment.
	}
}
