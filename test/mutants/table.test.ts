import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {changed, filesOf, StaleError} from '../../mutants/change.ts';
import {mutants} from '../../mutants/table.ts';
import {endingOf} from '../../mutants/tests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the mutants', () => {
	it.each(mutants)('$name can be made of the code as it is, and names a file of tests', (mutant) => {
		const files = filesOf(mutant, root);
		expect(files.length).toBeGreaterThan(0);
		for (const {before, after} of files) {
			expect(after).not.toBe(before);
		}
		expect(existsSync(join(root, mutant.test.file))).toBe(true);
	});

	it('have names of their own', () => {
		expect(new Set(mutants.map(({name}) => name)).size).toBe(mutants.length);
	});

	it('break every promise of the readme, and no other', () => {
		const readme = readFileSync(join(root, 'readme.md'), 'utf8');
		const chapter = readme.slice(readme.indexOf('\n## Safety'), readme.indexOf('\n## Without a screen'));
		const promises = [...chapter.matchAll(/^\| \*\*(.+?)\.?\*\*/gm)].map(([, words]) => words);
		expect(promises.length).toBeGreaterThan(10);
		expect([...new Set(mutants.map(({promise}) => promise))]).toEqual(promises);
	});
});

describe('a change', () => {
	it('is made once, as it stands', () => {
		expect(changed('a $1 b', {file: 'f', find: '$1', put: '$&'})).toBe('a $& b');
	});

	it.each([
		['', /is not in f: write the mutant anew/],
		['x x', /stands 2 times in f/],
	])('of %j is stale', (text, why) => {
		const change = () => changed(text, {file: 'f', find: 'x', put: 'y'});
		expect(change).toThrow(StaleError);
		expect(change).toThrow(why);
	});
});

describe('what vitest reports', () => {
	const report = (...states: string[]) => ({
		testResults: [
			{
				message: '',
				assertionResults: states.map((status) => ({
					fullName: ` a ${status}`,
					status,
					failureMessages: status === 'failed' ? ['Error: no\n  at x'] : [],
				})),
			},
		],
	});

	it('is a failure where a test failed, and nothing where none ran', () => {
		expect(endingOf(report('passed', 'failed'))).toEqual({
			kind: 'failed',
			test: 'a failed',
			why: 'Error: no',
		});
		expect(endingOf(report('passed', 'skipped'))).toEqual({kind: 'passed'});
		expect(endingOf(report('skipped'))).toMatchObject({kind: 'none'});
		expect(endingOf({testResults: [{message: 'does not load', assertionResults: []}]})).toEqual({
			kind: 'none',
			why: 'does not load',
		});
	});
});
