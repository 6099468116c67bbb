import {describe, expect, test} from 'vitest';
import {builtInRunbooks, reservedKeys} from '../../source/config/built-in-runbooks.ts';
import {ConfigError} from '../../source/config/error.ts';
import {loadConfig} from '../../source/config/load.ts';
import {runbookSchema} from '../../source/config/runbook-schema.ts';
import {tempFolder} from './temp.ts';

async function load(text: string) {
	const cwd = await tempFolder({'jetmedic.yaml': text});
	return (await loadConfig({cwd, env: {HOME: cwd}})).config.runbooks;
}

async function problems(text: string): Promise<string[]> {
	const error = await load(text).catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(ConfigError);
	return [...(error as ConfigError).problems];
}

const runbook = (lines: string) => `runbooks:\n  - id: bounce\n    title: bounce\n${lines}`;

describe('a runbook of the operator', () => {
	test('has the built-in vocabulary; a bare word is a step', async () => {
		const text = runbook(
			'    key: B\n    steps:\n      - stop: [titan-brain]\n      - backup\n      - purge: {keep: 5}\n      - start: titan-brain\n      - run: [echo, done]\n        withinSeconds: 5\n      - verify\n',
		);
		expect(await load(text)).toEqual([
			{
				id: 'bounce',
				title: 'bounce',
				key: 'B',
				steps: [
					{stop: ['titan-brain']},
					{backup: true},
					{purge: {keep: 5}},
					{start: 'titan-brain'},
					{run: ['echo', 'done'], withinSeconds: 5},
					{verify: true},
				],
			},
		]);
	});

	test.each([
		[
			'    steps:\n      - restrat: titan-brain\n',
			'jetmedic.yaml:5: runbooks[0].steps[0].restrat: is not a known key. Did you mean restart?',
		],
		[
			'    steps:\n      - verify\n      - start: a\n        stop: b\n',
			'jetmedic.yaml:6: runbooks[0].steps[1]: has stop and start: a step does one thing; make two of it.',
		],
		[
			'    steps:\n      - withinSeconds: 5\n',
			'jetmedic.yaml:5: runbooks[0].steps[0]: does nothing: expected one of restart, stop, start, backup, purge, readopt, recreate, waitFor, verify, run.',
		],
		[
			'    steps:\n      - purge: {keep: 0}\n',
			'jetmedic.yaml:5: runbooks[0].steps[0].purge.keep: expected a whole number of at least 1, or nothing, got 0.',
		],
		[
			'    steps:\n      - nonsense\n',
			'jetmedic.yaml:5: runbooks[0].steps[0]: expected a section of "key: value" lines, got "nonsense".',
		],
		['    key: R\n    steps: [verify]\n', 'jetmedic.yaml:4: runbooks[0].key: R is the key of restart.'],
		['    key: X\n    steps: [verify]\n', 'jetmedic.yaml:4: runbooks[0].key: X is a key of the console.'],
		[
			'    key: b\n    steps: [verify]\n',
			'jetmedic.yaml:4: runbooks[0].key: expected one upper-case letter, got "b".',
		],
		['    steps: []\n', 'jetmedic.yaml:4: runbooks[0].steps: expected at least one entry, got a list.'],
	])('is refused with its line: %j', async (lines, expected) => {
		expect(await problems(runbook(lines))).toEqual([expected]);
	});

	test.each(['restart', 'resume'])('can not take the name %s', async (id) => {
		expect(await problems(`runbooks:\n  - id: ${id}\n    title: mine\n    steps: [verify]\n`)).toEqual([
			`jetmedic.yaml:2: runbooks[0].id: there is another runbook with the name "${id}".`,
		]);
	});
});

test('the built-in runbooks are of the same form, with keys that nothing else has', () => {
	for (const spec of builtInRunbooks) {
		expect(runbookSchema.parse(spec)).toEqual(spec);
	}
	const keys = [...builtInRunbooks.map(({key}) => key), ...reservedKeys];
	expect(new Set(keys).size).toBe(keys.length);
});
