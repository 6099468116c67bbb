import {stepShape} from '../../config/runbook-schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {shellLine} from '../../text/shell-quote.ts';
import type {Step, StepKind} from '../step.ts';

const defaultMs = 60_000;
/** What is kept of a command's output: its end. */
const keptCharacters = 2000;

/** Runs a command of the operator's, without a shell; its end is awaited, its last lines are kept in the journal. */
export const commandStep = (argv: string[], deadlineMs: number = defaultMs): Step => ({
	id: 'run',
	title: () => `run ${argv[0]}`,
	describe: () => `a command of the configuration, at most ${deadlineMs / 1000} s`,
	command: () => shellLine(...argv),
	async run(context) {
		await context.confirmLock();
		const {code, signal, output, timedOut, why} = await context.control.command(argv, {
			deadlineMs,
			signal: context.signal,
		});
		if (why !== undefined) {
			throw new StepError(why);
		}
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

/** `run: [notify-team, done]` */
export const commandKind: StepKind<'run'> = {
	key: 'run',
	schema: stepShape.run,
	needs: () => ({}),
	make: (argv, {withinMs}) => commandStep(argv, withinMs),
};
