import {answerCall, faultsOf, type Handlers} from './commands/call/answer-call.ts';
import {type Flags, sharedFlags, specOf, written} from './commands/call/flag-table.ts';
import {readCall} from './commands/call/read-call.ts';
import {endOutput, guardOutput, print} from './commands/output.ts';
import {redact} from './text/redact.ts';

const argv = process.argv.slice(2);
const tell = (text: string): void => void process.stderr.write(text);

// Each loads what it needs, so that no command waits for what another one uses.
const handlers: Handlers = {
	async watch({flags}) {
		if (!process.stdin.isTTY || !process.stdout.isTTY) {
			tell('The console needs a terminal. Without one use `jetmedic check` or `jetmedic check --json`.\n');
			return faults.wrongCall;
		}
		const {config, source, natsFrom} = await load(flags);
		const {watchCommand} = await import('./commands/watch.tsx');
		return watchCommand(config, {
			ascii: flags.ascii ?? false,
			colour: flags.color && !process.env['NO_COLOR'],
			flags: passedOn(flags),
			source,
			natsFrom,
		});
	},
	async check({flags}) {
		const {checkFormats} = await import('./commands/check-formats/formats.ts');
		const format = (flags.format as keyof typeof checkFormats) ?? (flags.json ? 'json' : 'human');
		const {config, source} = await load(flags);
		const {checkCommand} = await import('./commands/check.ts');
		return checkCommand(config, {format, source});
	},
	async run({words, flags}) {
		const {runCommand} = await import('./commands/run.ts');
		const {config, source} = await load(flags);
		const runbook = flags.resume ? 'resume' : words[0]!;
		return runCommand(runbook, config, flags, {shared: passedOn(flags), source});
	},
	async escalate({flags}) {
		const {config} = await load(flags);
		const {escalateCommand} = await import('./commands/escalate.ts');
		return escalateCommand(config, flags);
	},
	async report({words, flags}) {
		const {config} = await load(flags);
		const {reportCommand} = await import('./commands/report.ts');
		return reportCommand(words[0], config, flags);
	},
	async backup({words, flags}) {
		const {config} = await load(flags);
		const {backupCommand} = await import('./commands/backup.ts');
		return backupCommand(words[0], config, flags);
	},
	async restore({words, flags}) {
		const {config} = await load(flags);
		const {restoreCommand} = await import('./commands/restore.ts');
		return restoreCommand(words[0]!, config, flags);
	},
};

async function load(flags: Flags) {
	const {loadConfig} = await import('./config/load.ts');
	return loadConfig({path: flags.config, cwd: process.cwd(), env: process.env, flags});
}

/** The flags that say what to watch, for the processes that this one starts. */
const passedOn = (flags: Flags): string[] =>
	sharedFlags.flatMap((name) =>
		flags[name] === undefined || specOf(name).type === 'boolean' ? [] : [`${written(name)}=${flags[name]}`],
	);

const reading = readCall(argv);
const faults = faultsOf(reading);
const command = reading.kind === 'call' ? reading.call.command : undefined;
// A console whose terminal is gone must end, and not draw for nobody.
if (command !== 'watch') {
	guardOutput();
}
if (command === 'check') {
	// Left alone Node ends with 1 where nobody catches an error, which is "warning" to whoever runs `check`.
	for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(name, (error: unknown) => {
			tell(`${redact((error as Error)?.stack ?? String(error))}\n`);
			process.exit(faults.fault);
		});
	}
}
// Ends the process once all output is out: a socket that is still open must not keep a finished command alive.
process.exit(await endOutput(await answerCall(argv, handlers, {print, tell}), faults.output));
