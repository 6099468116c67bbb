import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {commandLine, shellLine, shellWord} from '../../source/text/shell-quote.ts';

describe('shellWord', () => {
	it.each([
		['TITAN_INTENTS', 'TITAN_INTENTS'],
		['nats://127.0.0.1:4222', 'nats://127.0.0.1:4222'],
		['--keep=1000', '--keep=1000'],
		['', "''"],
		['two words', "'two words'"],
		["it's", "'it'\\''s'"],
		['x; curl evil|sh #', "'x; curl evil|sh #'"],
		['$(id)', "'$(id)'"],
		['~root', "'~root'"],
		['=ls', "'=ls'"],
		['PATH=/x', "'PATH=/x'"],
	])('writes %s as %s', (word, shown) => {
		expect(shellWord(word)).toBe(shown);
	});

	it('gives a shell every word as it is', () => {
		const words = [
			'x; curl evil|sh #',
			"a'b'c",
			'"',
			'`id`',
			'$HOME',
			'~',
			'-n',
			'a\\b',
			'*',
			'ä',
			'',
			'!!',
			'A=1',
			'{a,b}',
		];
		const said = execFileSync('sh', ['-c', shellLine('printf', '%s\\n', ...words)], {encoding: 'utf8'});
		expect(said.split('\n').slice(0, -1)).toEqual(words);
	});
});

describe('commandLine', () => {
	it('has the names before the flags, as people write it', () => {
		expect(commandLine(['nats', 'stream', 'purge'], ['ORDERS'], ['--keep', '5'])).toBe(
			'nats stream purge ORDERS --keep 5',
		);
	});

	it('has a name that looks like a flag behind --', () => {
		expect(commandLine(['docker', 'compose', 'stop'], ['--scale=nats=0', 'web'])).toBe(
			'docker compose stop -- --scale=nats=0 web',
		);
		expect(commandLine(['nats', 'stream', 'purge'], ['-x'], ['--force'])).toBe(
			'nats stream purge --force -- -x',
		);
	});
});
