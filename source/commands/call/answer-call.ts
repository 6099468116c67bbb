import {ConfigError} from '../../config/error.ts';
import {redact} from '../../text/redact.ts';
import {version} from '../../text/version.ts';
import {type CommandName, commandOf, defaultFaults, type FaultCodes} from './command-table.ts';
import {helpText} from './help-text.ts';
import {type Call, type Reading, readCall} from './read-call.ts';
import {titleOf} from './title.ts';

/** What does each command. @returns The exit code. */
export type Handlers = Record<CommandName, (call: Call) => Promise<number>>;

export type Streams = {
	/** To stdout. */
	print(text: string): void;
	/** To stderr. */
	tell(text: string): void;
};

/**
Does what the arguments of a process ask for: a question is answered, a wrong call is refused, and nothing but a call that the
table of commands has reaches a command. Never throws.

@returns The exit code.
*/
export async function answerCall(
	argv: readonly string[],
	handlers: Handlers,
	{print, tell}: Streams,
): Promise<number> {
	const reading = readCall(argv);
	if (reading.kind === 'call') {
		// meow gives it the name of the package, and Linux shows the title as the command line: an abort finds its run by it.
		process.title = titleOf(reading.call);
	}
	const faults = faultsOf(reading);
	switch (reading.kind) {
		case 'help':
			print(helpText(reading.command));
			return 0;
		case 'version':
			print(`${version}\n`);
			return 0;
		case 'wrong': {
			const help = reading.command === undefined ? 'jetmedic --help' : helpCall(reading.command);
			tell(`Nothing was done: ${reading.why} See \`${help}\`.\n`);
			return faults.wrongCall;
		}
		case 'call':
			break;
	}
	const {call} = reading;
	try {
		return await handlers[call.command](call);
	} catch (error) {
		const isConfig = error instanceof ConfigError;
		const why = redact(isConfig ? error.message : ((error as Error)?.stack ?? String(error)));
		tell(`${why}\n`);
		if (call.command === 'check' && call.flags.format === 'nagios') {
			// A monitor shows the first line of stdout alone.
			print(`JETMEDIC UNKNOWN - ${firstLine(why)}\n`);
		}
		return isConfig ? faults.config : faults.fault;
	}
}

/** What a process with these arguments ends with where it fails. */
export function faultsOf({kind, ...reading}: Reading): FaultCodes {
	const command = 'call' in reading ? reading.call.command : (reading as {command?: CommandName}).command;
	return command === undefined ? defaultFaults : commandOf(command).faults;
}

const helpCall = (command: CommandName): string =>
	command === 'watch' ? 'jetmedic --help' : `jetmedic ${command} --help`;

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replaceAll('|', '/');
