import {type ChildProcess, spawn} from 'node:child_process';
import {StepError} from '../../deployment/step-error.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import type {RunContext} from '../context.ts';
import type {Step} from '../step.ts';

const defaultMs = 60_000;
/** What is kept of a command's output: its end. */
const keptCharacters = 2000;

/** Runs a command of the operator's, without a shell; its end is awaited, its last lines are kept in the journal. */
export const commandStep = (argv: string[], deadlineMs: number = defaultMs): Step => ({
	id: 'run',
	title: () => `run ${argv[0]}`,
	describe: () => `a command of the configuration, at most ${deadlineMs / 1000} s`,
	command: () => argv.map(quoted).join(' '),
	async run(context) {
		await context.confirmLock();
		const {code, signal, output, timedOut} = await finish(argv, context, deadlineMs);
		context.signal.throwIfAborted();
		const said = redact(sanitize(output.trim(), keptCharacters));
		if (timedOut) {
			throw new StepError(
				`${argv[0]} did not end within ${deadlineMs / 1000} s and was killed. ${said}`.trim(),
			);
		}
		if (code !== 0) {
			throw new StepError(`${argv[0]} ended with ${signal ?? code}. ${said}`.trim());
		}
		return said === '' ? 'done' : said;
	},
});

/** As a shell would want it. */
const quoted = (word: string): string =>
	/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

type Ended = {code: number | null; signal: string | null; output: string; timedOut: boolean};

async function finish(argv: string[], {config, env, signal}: RunContext, deadlineMs: number): Promise<Ended> {
	// An abort that came before would never be heard.
	signal.throwIfAborted();
	const [file = '', ...args] = argv;
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, {
			// A group of its own, so that what it started goes with it.
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {
				...env,
				JETMEDIC_DEPLOYMENT: config.deployment,
				JETMEDIC_PROJECT: config.docker.project,
				JETMEDIC_STREAM: config.stream,
			},
		});
		let output = '';
		let timedOut = false;
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				output = (output + text).slice(-keptCharacters * 2);
			});
		}
		const timer = setTimeout(() => {
			timedOut = true;
			killGroup(child);
		}, deadlineMs);
		const abort = (): void => killGroup(child);
		signal.addEventListener('abort', abort, {once: true});
		const done = (settle: () => void): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
			settle();
		};
		child.once('error', (error: NodeJS.ErrnoException) =>
			done(() =>
				reject(
					new StepError(
						error.code === 'ENOENT'
							? `There is no command ${file}.`
							: `${file} can't be run: ${error.message}.`,
					),
				),
			),
		);
		// Not "close": a daemon that the command left behind may hold its output open for ever.
		child.once('exit', (code, by) => done(() => resolve({code, signal: by, output, timedOut})));
	});
}

function killGroup({pid}: ChildProcess): void {
	try {
		process.kill(-pid!, 'SIGKILL');
	} catch {
		// It ended meanwhile.
	}
}
