import {type CommandName, commandOf, type FaultCodes, shownCommands} from './command-table.ts';
import {type FlagName, sharedFlags, specOf, writtenWhole} from './flag-table.ts';

const width = 92;

/** The help of one command, or without one the list of them; whole, with its last line's end. */
export const helpText = (command: CommandName | undefined): string =>
	`${(command === undefined ? listLines() : commandLines(command)).join('\n')}\n`;

/** How a command is called: `jetmedic report [RUN] [flags]`. */
export const usageOf = (name: CommandName): string =>
	[
		name === 'watch' ? 'jetmedic' : `jetmedic ${name}`,
		...commandOf(name).words.map((word) => (word.required ? word.name : `[${word.name}]`)),
	].join(' ');

/** What a command ends with, its faults among it, from the least on. */
export function exitsOf(name: CommandName): [code: number, meaning: string][] {
	const {exits, faults} = commandOf(name);
	const own = Object.entries(exits).map(([code, meaning]): [number, string] => [Number(code), meaning]);
	const ofFaults = (Object.entries(faultWords) as [keyof FaultCodes, string][])
		.map(([fault, meaning]): [number, string] => [faults[fault], meaning])
		// What the command itself says of a code is enough.
		.filter(([code]) => !(code in exits));
	return [...own, ...ofFaults].sort(([a], [b]) => a - b);
}

const faultWords: Record<keyof FaultCodes, string> = {
	wrongCall: 'the call was wrong; nothing was done',
	fault: 'jetmedic itself failed',
	output: 'the output could not be written',
	config: 'the configuration cannot be used; nothing was done',
};

function listLines(): string[] {
	return [
		'Recovery console for NATS JetStream under Docker Compose.',
		'',
		'Usage: jetmedic [COMMAND] [flags]',
		'',
		'Commands',
		...table(shownCommands.map((name) => [usageOf(name), commandOf(name).summary])),
		'',
		'Flags of the console',
		...flagTableLines(commandOf('watch').flags),
		'',
		'Flags of every command',
		...flagTableLines(sharedFlags),
		...table(everywhere),
		'',
		'`jetmedic COMMAND --help` shows the flags, the exit codes and examples of a command.',
	];
}

function commandLines(name: CommandName): string[] {
	const {about, flags, examples} = commandOf(name);
	return [
		`Usage: ${usageOf(name)} [flags]`,
		...(name === 'run' ? ['       jetmedic run --resume [flags]'] : []),
		'',
		...wrap(about, width),
		...(flags.length === 0 ? [] : ['', 'Flags', ...flagTableLines(flags)]),
		'',
		'Flags of every command',
		...flagTableLines(sharedFlags),
		...table(everywhere),
		'',
		'Exit codes',
		...table(exitsOf(name).map(([code, meaning]) => [String(code), meaning])),
		'',
		'Examples',
		...examples.flatMap(([call, does]) => [`  $ ${call}`, `    ${does}`]),
	];
}

const everywhere: [string, string][] = [
	['-h, --help', 'shows this and does nothing else'],
	['--version', 'shows the version and does nothing else'],
];

const flagTableLines = (names: readonly FlagName[]): string[] =>
	table(names.map((name) => [writtenWhole(name), specOf(name).about]));

const nameWidth = 24;

/** Two columns; a text that is too long goes on in its own. */
function table(rows: readonly (readonly [string, string])[]): string[] {
	return rows.flatMap(([name, text]) =>
		wrap(text, width - nameWidth - 2).map((line, index) =>
			`  ${(index === 0 ? name : '').padEnd(nameWidth)} ${line}`.trimEnd(),
		),
	);
}

function wrap(text: string, columns: number): string[] {
	const lines = [''];
	for (const word of text.split(' ')) {
		const last = lines.at(-1)!;
		if (last !== '' && last.length + 1 + word.length > columns) {
			lines.push(word);
		} else {
			lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
		}
	}
	return lines;
}
