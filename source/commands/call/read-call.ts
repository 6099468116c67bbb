import meow from 'meow';
import {nearest} from '../../config/nearest.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import {version} from '../../text/version.ts';
import {type CommandName, commandNames, commandOf, shownCommands} from './command-table.ts';
import {
	type FlagName,
	type Flags,
	flagNames,
	sharedFlags,
	specOf,
	spellings,
	written,
	writtenWhole,
} from './flag-table.ts';
import {usageOf} from './help-text.ts';

/** A call that can be done: its command, its words, and the value of every flag. */
export type Call = {command: CommandName; words: string[]; flags: Flags};

/** What the arguments of a process ask for. */
export type Reading =
	| {kind: 'call'; call: Call}
	/** A question, which never acts, whatever else stands beside it. Without a command: about all. */
	| {kind: 'help' | 'version'; command: CommandName | undefined}
	/** In sentences, and the command where that much is clear. */
	| {kind: 'wrong'; command: CommandName | undefined; why: string};

/**
Reads the arguments of a process by the table of commands. Pure. Whatever the table does not have is refused: a mistyped
`--dry-run` that is passed over would change a deployment.

A question is looked for first, in every place before `--`: who asks `run restart --yes --help` wants to read.
*/
export function readCall(argv: readonly string[]): Reading {
	const {tokens, words} = split(argv);
	const [named] = words;
	const command = named === undefined ? 'watch' : commandNames.find((name) => name === named);
	const wrong = (why: string): Reading => ({kind: 'wrong', command, why});
	if (command === undefined) {
		// The value of a mistyped flag is taken for a word.
		const unknown = tokens.find(({name}) => flagOf(name) === undefined && !isQuestion(name));
		return wrong(
			unknown === undefined
				? noCommand(named ?? '')
				: `There is no flag ${show(unknown.name)}.${meant(unknown.name, flagNames.filter(isForPeople), 'watch')}`,
		);
	}
	const before = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
	const about = named === undefined ? undefined : command;
	if (before.some((argument) => isQuestion(argument) && argument !== '--version')) {
		return {kind: 'help', command: about};
	}
	if (before.includes('--version')) {
		return {kind: 'version', command: about};
	}
	const given = new Map<FlagName, string | boolean>();
	for (const token of tokens) {
		const fault = take(token, command, given);
		if (fault !== undefined) {
			return wrong(fault);
		}
	}
	const rest = words.slice(1);
	const fault = wrongWords(command, rest, given) ?? wrongTogether(command, given);
	return fault === undefined
		? {kind: 'call', call: {command, words: rest, flags: valuesOf(given)}}
		: wrong(fault);
}

/** A flag as it was typed. `value`: after `=`, or the next argument; `extra`: one that a flag without a value was given. */
type Token = {name: string; value?: string | undefined; extra?: true};

/** Parts the flags, with their values, from the words. */
function split(argv: readonly string[]): {tokens: Token[]; words: string[]} {
	const tokens: Token[] = [];
	const words: string[] = [];
	for (let at = 0; at < argv.length; at++) {
		const argument = argv[at]!;
		const next = argv[at + 1];
		if (argument === '--') {
			words.push(...argv.slice(at + 1));
			break;
		}
		if (!isFlag(argument)) {
			words.push(argument);
			continue;
		}
		const [name, value] = splitOnce(argument);
		const spec = flagOf(name);
		if (value !== undefined) {
			tokens.push({name, value});
		} else if (spec !== undefined && specOf(spec).type !== 'boolean') {
			const isValue = next !== undefined && !isFlag(next) && next !== '--';
			tokens.push({name, value: isValue ? next : undefined});
			at += isValue ? 1 : 0;
		} else if (spec !== undefined && /^(true|false)$/.test(next ?? '')) {
			// Else it would be a word, and `backup --json true` would look for a stream called true.
			tokens.push({name, value: next, extra: true});
			at++;
		} else {
			tokens.push({name});
		}
	}
	return {tokens, words};
}

const isQuestion = (argument: string): boolean => ['--help', '-h', '--version'].includes(argument);

const isForPeople = (name: FlagName): boolean =>
	[...sharedFlags, ...shownCommands.flatMap((command) => commandOf(command).flags)].includes(name);

/** A dash of typesetting comes from a page that was copied; it is meant for one. */
const isFlag = (argument: string): boolean => /^[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]./.test(argument);

function splitOnce(argument: string): [name: string, value: string | undefined] {
	const at = argument.indexOf('=');
	return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

const flagOf = (typed: string): FlagName | undefined =>
	flagNames.find((name) => spellings(name).includes(typed));

/** Adds a flag to those that are given. @returns What is wrong with it. */
function take(
	{name: typed, value}: Token,
	command: CommandName,
	given: Map<FlagName, string | boolean>,
): string | undefined {
	const {flags, internal = []} = commandOf(command);
	const own: FlagName[] = [...flags, ...sharedFlags];
	const name = flagOf(typed);
	if (isQuestion(typed)) {
		return `${typed} takes no value.`;
	}
	if (name === undefined) {
		return `\`${usageOf(command)}\` has no flag ${show(typed)}.${meant(typed, own, command)}`;
	}
	if (!own.includes(name) && !internal.includes(name)) {
		return foreign(name, command);
	}
	const {type, choices} = specOf(name);
	if (type === 'boolean') {
		if (value !== undefined) {
			return `${typed} takes no value, and was given ${show(value)}.`;
		}
		const isOn = !typed.startsWith('--no-');
		if (given.has(name) && given.get(name) !== isOn) {
			return `${spellings(name).join(' and ')} contradict each other.`;
		}
		given.set(name, isOn);
		return undefined;
	}
	if (value === undefined || value === '') {
		return `${typed} needs a value: ${writtenWhole(name)}.`;
	}
	if (given.has(name)) {
		return `${typed} is given twice.`;
	}
	if (choices !== undefined && !choices.includes(value)) {
		const near = nearest(value, choices);
		return `${typed} cannot be ${show(value)}. ${near === undefined ? `Choose one of: ${choices.join(', ')}.` : `Did you mean ${near}?`}`;
	}
	if (type === 'number' && !/^\d+(\.\d+)?$/.test(value)) {
		return `${typed} needs a number, and was given ${show(value)}.`;
	}
	given.set(name, value);
	return undefined;
}

/** A flag that another command has. */
function foreign(name: FlagName, command: CommandName): string {
	const owners = shownCommands.filter((other) => commandOf(other).flags.includes(name));
	const calls = owners.map((other) => `\`${usageOf(other).split(' ').slice(0, 2).join(' ')}\``);
	return owners.length === 0
		? `${written(name)} is for the processes that a console starts, and not for \`${usageOf(command)}\`.`
		: `\`${usageOf(command)}\` has no flag ${written(name)}; it is a flag of ${calls.join(' and ')}.`;
}

/** What was probably meant, as a sentence with a space before it. */
function meant(typed: string, own: readonly FlagName[], command: CommandName): string {
	const plain = (flag: string): string => flag.replace(/^\P{L}+/u, '');
	const candidates = [...own.flatMap(spellings), '--help', '--version'];
	const word = plain(typed);
	const near =
		nearest(word, candidates.map(plain)) ??
		(word.length < 2 ? undefined : candidates.map(plain).find((candidate) => candidate.startsWith(word)));
	const flag = candidates.find((candidate) => plain(candidate) === near);
	if (flag !== undefined) {
		return ` Did you mean ${flag}?`;
	}
	const other = flagNames.find((name) => !own.includes(name) && plain(written(name)) === word);
	return other === undefined ? '' : ` ${foreign(other, command)}`;
}

function wrongWords(
	command: CommandName,
	words: readonly string[],
	given: ReadonlyMap<FlagName, unknown>,
): string | undefined {
	const {words: wanted} = commandOf(command);
	// An unset variable of a shell script; it would be the beginning of every name.
	if (words.includes('')) {
		return `A word of the call is empty: \`${usageOf(command)}\`.`;
	}
	// Both stand for the word: the one takes the run that was killed, the other all of them.
	const instead = (['resume', 'list'] as const).find((name) => given.has(name));
	const most = instead === undefined ? wanted.length : 0;
	const surplus = words[most];
	if (surplus !== undefined) {
		const flag = flagNames.find((name) => written(name) === `--${surplus}`);
		const own = flag !== undefined && commandOf(command).flags.includes(flag);
		const hint = own ? ` Did you mean ${written(flag)}?` : '';
		return instead === undefined
			? `\`${usageOf(command)}\` takes ${count(wanted.length)}, so ${show(surplus)} is one too many.${hint}`
			: `${written(instead)} takes no ${wanted[0]?.name ?? 'word'}: leave out ${show(surplus)} or ${written(instead)}.`;
	}
	const missing =
		instead === undefined ? wanted.slice(words.length).find((word) => word.required) : undefined;
	if (missing === undefined) {
		return undefined;
	}
	return command === 'run'
		? 'Name a runbook: jetmedic run restart, purge, recover or recreate; jetmedic run --resume finishes one that was killed.'
		: `${missing.name} is missing: \`${usageOf(command)}\`.`;
}

const count = (words: number): string =>
	words === 0 ? 'no word' : words === 1 ? 'one word' : `${words} words`;

/** Flags that do not go together. */
function wrongTogether(
	command: CommandName,
	given: ReadonlyMap<FlagName, string | boolean>,
): string | undefined {
	if (given.has('json') && given.has('format') && given.get('format') !== 'json') {
		return '--json and --format name two formats; give one of them.';
	}
	if (command !== 'run') {
		return undefined;
	}
	// A console gives them all, and asks nothing again: what a person leaves out of them would be taken for confirmed.
	const internal = commandOf('run').internal ?? [];
	const there = internal.filter((name) => given.has(name));
	const isLaunch = there.length === internal.length && given.has('yes') && !given.has('dryRun');
	return there.length === 0 || isLaunch
		? undefined
		: `${written(there[0]!)} is for the run that a console starts. Leave it out: \`jetmedic run\` shows the plan and asks.`;
}

/** The values by their types and defaults; meow does that, of arguments that hold no surprise any more. */
function valuesOf(given: ReadonlyMap<FlagName, string | boolean>): Flags {
	const argv = [...given].map(([name, value]) =>
		typeof value === 'string'
			? `${written(name)}=${value}`
			: spellings(name).find((spelling) => spelling.startsWith('--no-') !== value)!,
	);
	const {flags} = meow('', {
		importMeta: import.meta,
		argv,
		pkg: {name: 'jetmedic', version},
		autoHelp: false,
		autoVersion: false,
		// A flag that is not given says nothing: it must not take away what the configuration says.
		booleanDefault: undefined as never,
		flags: Object.fromEntries(
			flagNames.map((name) => {
				const spec = specOf(name);
				return [name, {type: spec.type, ...(spec.default && {default: true})}];
			}),
		) as never,
	});
	const exact = Object.fromEntries(
		// As typed: the parser takes the quotes off a value that is quoted in itself.
		[...given].filter(([name, value]) => typeof value === 'string' && specOf(name).type === 'string'),
	);
	return {...(flags as unknown as Flags), ...exact};
}

function noCommand(typed: string): string {
	const near = nearest(typed, shownCommands);
	return `There is no command ${JSON.stringify(show(typed))}. ${near === undefined ? `The commands are ${shownCommands.join(', ')}.` : `Did you mean \`jetmedic ${near}\`?`}`;
}

/** What was typed, safe to repeat: a word may be an address with its password. */
const show = (typed: string): string => sanitize(redact(sanitize(typed, 200)), 60);
