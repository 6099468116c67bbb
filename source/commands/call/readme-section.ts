import {commandOf, defaultFaults, shownCommands} from './command-table.ts';
import {sharedFlags, writtenWhole} from './flag-table.ts';
import {usageOf} from './help-text.ts';

const begin = '<!-- Made by `npm run docs` from source/commands/call/command-table.ts -->';
const end = '<!-- The end of what is made -->';

/** The readme with its section of the commands as the table has them. @throws where the marks of that section are gone. */
export function withCommands(readme: string): string {
	const [before, rest] = halves(readme, begin);
	const [, after] = halves(rest, end);
	return `${before}${begin}\n\n${section()}\n${end}${after}`;
}

function halves(text: string, mark: string): [string, string] {
	const parts = text.split(mark);
	if (parts.length !== 2) {
		throw new Error(`The readme does not hold "${mark}" once.`);
	}
	return parts as [string, string];
}

/** What each ends with where it fails, `check` apart. */
function wrong(): string[] {
	const {wrongCall, fault, output, config} = defaultFaults;
	return [
		`Besides, \`check\` ends with 3 whatever fails, and the others with ${wrongCall} if the call is wrong, ${fault} if jetmedic itself fails,`,
		`${output} if the output cannot be written, and ${config} if the configuration cannot be used.`,
	];
}

function section(): string {
	const examples = shownCommands.flatMap((name) => commandOf(name).examples);
	const longest = Math.max(...examples.map(([call]) => call.length));
	const rows = shownCommands.map((name) =>
		[
			`\`${usageOf(name)}\``,
			commandOf(name).summary,
			commandOf(name)
				.flags.map((flag) => `\`${writtenWhole(flag)}\``)
				.join(' '),
			Object.entries(commandOf(name).exits)
				.map(([code, meaning]) => `${code}: ${meaning}`)
				.join('; '),
		].join(' | '),
	);
	return [
		'| command | does | its flags | exit codes |',
		'|---|---|---|---|',
		...rows.map((row) => `| ${row} |`),
		'',
		`Every command also takes ${sharedFlags.map((flag) => `\`${writtenWhole(flag)}\``).join(', ')}.`,
		"`--help` and `-h`, in any place, show a command's help and do nothing else. A flag or a word that a command does not",
		'have does nothing either: the answer says what was probably meant.',
		...wrong(),
		'',
		'```sh',
		...examples.map(([call, does]) => `${call.padEnd(longest)}  # ${does}`),
		'```',
		'',
	].join('\n');
}
