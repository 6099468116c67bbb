import {describe, expect, it} from 'vitest';
import {COMMANDS, parseArgs} from '../../lab/args.ts';

describe('parseArgs', () => {
	it('takes options before and after the command', () => {
		const expected = {command: 'up', options: {name: 'test', isolated: true}, rest: []};
		expect(parseArgs(['up', '--name', 'test', '--isolated'])).toEqual(expected);
		expect(parseArgs(['--isolated', '--name=test', 'up'])).toEqual(expected);
	});

	it("leaves everything after -- to exec's program, options of the same name included", () => {
		const parsed = parseArgs([
			'exec',
			'--name',
			'test',
			'--',
			'vitest',
			'run',
			'--name',
			'x',
			'--',
			'--isolated',
		]);
		expect(parsed.rest).toEqual(['vitest', 'run', '--name', 'x', '--', '--isolated']);
		expect(parsed.options).toEqual({name: 'test'});
	});

	it('takes the form of the lab for up', () => {
		expect(parseArgs(['up', '--cluster'])).toEqual({
			command: 'up',
			options: {},
			topology: 'cluster',
			rest: [],
		});
		expect(parseArgs(['--single', 'up']).topology).toBe('single');
	});

	it('gives break its fault', () => {
		expect(parseArgs(['break', 'nats-killed']).rest).toEqual(['nats-killed']);
	});

	it.each([
		[[], /npm run lab/],
		[['fly'], /"fly" is not a command/],
		[['up', '--fast'], /--fast is not an option/],
		[['up', '--name'], /--name needs a name/],
		[['up', '--name', '--isolated'], /--name needs a name/],
		[['exec'], /exec needs a program/],
		[['exec', 'ls'], /exec needs a program/],
		[['up', '--', 'ls'], /up takes nothing after/],
		[['down', '--cluster'], /down takes no --cluster/],
		[['break'], /break needs the name/],
		[['break', 'a', 'b'], /break needs the name/],
		[['down', 'now'], /down takes no "now"/],
	])('refuses %j with a sentence', (argv, message) => {
		expect(() => parseArgs(argv)).toThrow(message);
	});

	it('names every command in its usage', () => {
		const usage = (() => {
			try {
				parseArgs([]);
				return '';
			} catch (error) {
				return (error as Error).message;
			}
		})();
		for (const command of COMMANDS) expect(usage).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
	});
});
