import {readFileSync} from 'node:fs';
import {describe, expect, it, test} from 'vitest';
import {answerCall, type Handlers} from '../../../source/commands/call/answer-call.ts';
import {type CommandName, commandNames, commandOf} from '../../../source/commands/call/command-table.ts';
import {
	type FlagName,
	flagNames,
	sharedFlags,
	specOf,
	written,
} from '../../../source/commands/call/flag-table.ts';
import {exitsOf} from '../../../source/commands/call/help-text.ts';
import {type Call, readCall} from '../../../source/commands/call/read-call.ts';
import {withCommands} from '../../../source/commands/call/readme-section.ts';
import {ConfigError} from '../../../source/config/error.ts';
import {version} from '../../../source/text/version.ts';

/** Does what the arguments ask for, with commands that only note that they were called. */
async function answer(argv: string[], act: (call: Call) => number = () => 0) {
	const called: Call[] = [];
	const handler = async (call: Call): Promise<number> => {
		called.push(call);
		return act(call);
	};
	const handlers = Object.fromEntries(commandNames.map((name) => [name, handler])) as Handlers;
	let stdout = '';
	let stderr = '';
	const code = await answerCall(argv, handlers, {
		print: (text) => {
			stdout += text;
		},
		tell: (text) => {
			stderr += text;
		},
	});
	return {code, stdout, stderr, called};
}

/** A call of the command that is right: with its words, and where it has `--yes`, with that. */
const right = (name: CommandName): string[] => [
	name,
	...commandOf(name).words.map(({name: word}) => word.toLowerCase()),
	...(commandOf(name).flags.includes('yes') ? ['--yes'] : []),
];

const withValue = (name: FlagName): string => {
	const {type, choices = ['x']} = specOf(name);
	return type === 'boolean' ? written(name) : `${written(name)}=${type === 'number' ? 7 : choices[0]}`;
};

const ownFlags = (name: CommandName): FlagName[] => [...commandOf(name).flags, ...sharedFlags];

const wrongCode = (name: CommandName): number => (name === 'check' ? 3 : 2);

async function expectNothing(argv: string[], name: CommandName, words: RegExp): Promise<void> {
	const {code, stdout, stderr, called} = await answer(argv);
	expect(called, argv.join(' ')).toEqual([]);
	expect(stderr).toMatch(words);
	expect(stderr).toMatch(/^Nothing was done: .+\n$/);
	expect(stdout).toBe('');
	expect(code).toBe(wrongCode(name));
}

describe.each(commandNames)('jetmedic %s', (name) => {
	const call = right(name);

	it('does what it is asked for', async () => {
		const {called, code} = await answer(call, () => 1);
		expect(called.map(({command}) => command)).toEqual([name]);
		expect(code).toBe(1);
	});

	it.each(['--help', '-h'])('is explained by %s in every place, and not done', async (question) => {
		const places = Array.from({length: call.length}, (_, at) => call.toSpliced(at + 1, 0, question));
		const others = [
			[question, ...call],
			[...call, '--no-such-flag', question],
			[...call, 'surplus', question],
			[name, question],
			[name, '--config', question],
		];
		for (const argv of [...places, ...others]) {
			const {code, stdout, stderr, called} = await answer(argv);
			expect(called, argv.join(' ')).toEqual([]);
			expect({code, stderr}).toEqual({code: 0, stderr: ''});
			for (const flag of ownFlags(name)) {
				expect(stdout).toContain(`  ${written(flag)}`);
			}
			for (const [exit, meaning] of exitsOf(name)) {
				expect(stdout).toMatch(new RegExp(`^ {2}${exit} +${meaning.slice(0, 20)}`, 'm'));
			}
			expect(stdout.match(/^ {2}\$ jetmedic/gm)?.length).toBeGreaterThanOrEqual(2);
		}
	});

	it('says the version after --version, and is not done', async () => {
		expect(await answer([...call, '--version'])).toEqual({
			code: 0,
			stdout: `${version}\n`,
			stderr: '',
			called: [],
		});
	});

	it('refuses a flag that nobody has', async () => {
		for (const flag of [
			'--no-such-flag',
			'-x',
			'-xyz',
			'--x=1',
			'--no-json',
			'--help=yes',
			'—help',
			'--Yes',
		]) {
			await expectNothing([...call, flag], name, new RegExp(flag.split('=')[0]!));
		}
	});

	it('refuses a flag of another command, of a console, and of the processes that it starts', async () => {
		const foreign = flagNames.filter((flag) => !ownFlags(name).includes(flag));
		for (const flag of foreign.filter((one) => !commandOf(name).internal?.includes(one))) {
			await expectNothing([...call, withValue(flag)], name, new RegExp(written(flag)));
		}
	});

	it('refuses a surplus word and an empty one', async () => {
		await expectNothing([...call, 'surplus'], name, /"?surplus"? is one too many/);
		await expectNothing([...call, '--', '--help'], name, /--help is one too many/);
		await expectNothing([...call, ''], name, /word of the call is empty/);
	});

	it.each(commandOf(name).words.filter(({required}) => required))('refuses to do without $name', async () => {
		await expectNothing([name, '--yes'], name, /missing|Name a runbook/);
	});

	it('refuses a flag without its value, and a value where there is none', async () => {
		for (const flag of ownFlags(name)) {
			if (specOf(flag).type === 'boolean') {
				for (const value of [[`${written(flag)}=true`], [`${written(flag)}=`], [written(flag), 'false']]) {
					await expectNothing([...call, ...value], name, /takes no value/);
				}
			} else {
				for (const value of [[written(flag)], [`${written(flag)}=`], [written(flag), '--read-only']]) {
					await expectNothing([...call, ...value], name, /needs a value/);
				}
				await expectNothing([...call, withValue(flag), withValue(flag)], name, /is given twice/);
			}
		}
	});

	it('ends with its own codes where it fails', async () => {
		const fail = (error: Error) =>
			answer(call, () => {
				throw error;
			});
		const {faults} = commandOf(name);
		expect((await fail(new ConfigError('orders.yaml:1: is wrong.'))).code).toBe(faults.config);
		expect((await fail(new RangeError('too deep'))).code).toBe(faults.fault);
	});
});

test('check never ends with 1 or 2 for a fault of its own', () => {
	expect(new Set(Object.values(commandOf('check').faults))).toEqual(new Set([3]));
	expect(exitsOf('check').map(([code]) => code)).toEqual([0, 1, 2, 3]);
});

test('a monitor that reads the first line of stdout sees why a check failed', async () => {
	const {stdout} = await answer(['check', '--format', 'nagios'], () => {
		throw new ConfigError('orders.yaml:1: a | is wrong.\nAnd more.');
	});
	expect(stdout).toBe('JETMEDIC UNKNOWN - orders.yaml:1: a / is wrong.\n');
});

test('jetmedic --help lists the commands of a person', async () => {
	for (const argv of [['--help'], ['-h'], ['--read-only', '-h']]) {
		const {stdout, code} = await answer(argv);
		expect(code).toBe(0);
		for (const name of commandNames.filter((one) => one !== 'watch')) {
			expect(stdout.includes(`jetmedic ${name}`), name).toBe(!commandOf(name).hidden);
		}
		expect(stdout.split('\n').every((line) => line.length <= 92)).toBe(true);
	}
});

describe('a call that is nearly right', () => {
	const why = (...argv: string[]): string => {
		const reading = readCall(argv);
		return reading.kind === 'wrong' ? reading.why : reading.kind;
	};

	test.each([
		[['run', 'purge', '--dryrun'], /has no flag --dryrun\. Did you mean --dry-run\?$/],
		[['run', 'purge', '--dryRun'], /Did you mean --dry-run\?$/],
		[['run', 'purge', '--dry_run'], /Did you mean --dry-run\?$/],
		[['run', 'purge', '--dry'], /Did you mean --dry-run\?$/],
		[['run', 'purge', '–-dry-run'], /Did you mean --dry-run\?$/],
		[['run', 'purge', 'dry-run'], /dry-run is one too many\. Did you mean --dry-run\?$/],
		[['run', 'purge', '-help'], /Did you mean --help\?$/],
		[['--streem', 'X'], /There is no flag --streem\. Did you mean --stream\?$/],
		[['--streem=X'], /`jetmedic` has no flag --streem\. Did you mean --stream\?$/],
		[['check', '--yes'], /has no flag --yes; it is a flag of `jetmedic run` and `jetmedic restore`\.$/],
		[['check', '--confirmed=typed'], /--confirmed is for the processes that a console starts/],
		[['chekc'], /There is no command "chekc"\. Did you mean `jetmedic check`\?$/],
		[['backup', '--json', 'true'], /--json takes no value, and was given true\.$/],
		[['check', '--format', 'nagois'], /--format cannot be nagois\. Did you mean nagios\?$/],
		[['check', '--json', '--format=human'], /name two formats/],
		[['run', 'purge', '--backup', '--no-backup'], /--no-backup and --backup contradict each other/],
		[['run', 'restart', '--resume'], /--resume takes no RUNBOOK: leave out restart or --resume\.$/],
		[['report', '--list', 'r1'], /--list takes no RUN/],
		[['escalate', '--since=soon'], /--since needs a number/],
		[['backup', 'nats://ops:hunter2@prod', 'X'], /^(?!.*hunter2)/],
	])('%j says what was meant', (argv, words) => {
		expect(why(...argv)).toMatch(words);
	});

	it('does not offer --no-backup to one who wants a backup', () => {
		expect(why('run', 'purge', '--backup')).toBe('call');
		expect(why('run', 'purge', '--bakcup')).toMatch(/Did you mean --backup\?$/);
	});

	it('may not pass off as confirmed what no console has confirmed', () => {
		const whole = (commandOf('run').internal ?? []).map(withValue);
		expect(whole).toContain('--confirmed=key');
		expect(why('run', 'purge', '--yes', ...whole)).toBe('call');
		for (const flag of whole) {
			expect(why('run', 'purge', '--yes', flag)).toMatch(/is for the run that a console starts/);
			expect(why('run', 'purge', '--yes', ...whole.filter((one) => one !== flag))).toMatch(/console starts/);
		}
		expect(why('run', 'purge', ...whole)).toMatch(/console starts/);
	});
});

test('the flags have the values that were typed, and say nothing where they are not given', () => {
	const reading = readCall(['--stream', '"ORDERS"', 'run', 'purge', '--yes', '--no-backup']);
	const {flags, words} = (reading as {call: Call}).call;
	expect(words).toEqual(['purge']);
	expect(flags).toMatchObject({stream: '"ORDERS"', yes: true, backup: false, color: true});
	expect([flags.json, flags.readOnly, flags.config, flags.confirmedLoss]).toEqual(Array(4).fill(undefined));
	expect((readCall(['escalate', '--since=7']) as {call: Call}).call.flags.since).toBe(7);
});

test('the commands of the readme are what `npm run docs` writes', () => {
	const readme = readFileSync(new URL('../../../readme.md', import.meta.url), 'utf8');
	expect(readme).toBe(withCommands(readme));
});
