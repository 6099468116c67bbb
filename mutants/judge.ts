import {spawnSync} from 'node:child_process';
import {mend} from '../lab/lab.ts';
import {PROJECT} from '../lab/place.ts';
import {apply, StaleError} from './change.ts';
import {copyTree, endProcessesOf, removeCopy} from './copy.ts';
import {type Mutant, needsLab, type Test} from './mutant.ts';
import {type Ending, endingOf, type Report, runTests} from './tests.ts';

/** What became of a mutant. Only `caught` is as it should be. */
export type Verdict = {
	mutant: Mutant;
	word: 'caught' | 'SURVIVED' | 'STALE' | 'UNCLEAR';
	why: string;
	ms: number;
};

const byFile = (mutants: Mutant[]): Mutant[][] => {
	const files = [...new Set(mutants.map(({test}) => test.file))];
	return files.map((file) => mutants.filter(({test}) => test.file === file));
};

/**
Makes each mutant in a copy of the tree, runs the test that must see it, and tells of each when it is known. First the
tests are run without a mutant: one that fails by itself sees nothing.

@param root - The project's folder.
@param isQuick - The tests are taken to pass without a mutant.
*/
export async function judge(
	mutants: Mutant[],
	{root, isQuick}: {root: string; isQuick: boolean},
	say: (text: string) => void,
	onVerdict: (verdict: Verdict) => void,
): Promise<void> {
	const folder = copyTree(root);
	process.once('exit', () => removeCopy(folder));
	const run = async (tests: [Test, ...Test[]], once: boolean): Promise<Report | string> =>
		(needsLab(tests[0]) ? build(folder) : undefined) ?? runTests(folder, tests, once);
	const tidy = async (): Promise<void> => {
		endProcessesOf(folder);
		if (mutants.some(({test}) => needsLab(test))) {
			await mendOrRemake();
		}
	};
	await tidy();
	const alone = new Map<Mutant, Ending>();
	for (const ofFile of isQuick ? [] : byFile(mutants)) {
		const started = performance.now();
		const report = await run(ofFile.map(({test}) => test) as [Test, ...Test[]], false);
		for (const mutant of ofFile) {
			alone.set(mutant, endingOf(report, mutant.test.name));
		}
		const passes = ofFile.every((mutant) => alone.get(mutant)?.kind === 'passed');
		const took = seconds(performance.now() - started);
		say(`${took}  ${passes ? 'passes without a mutant' : 'DOES NOT PASS'}  ${ofFile[0]!.test.file}`);
		await tidy();
	}
	for (const mutant of mutants) {
		const started = performance.now();
		const verdict = await verdictOf(mutant, alone.get(mutant), folder, run);
		onVerdict({mutant, ...verdict, ms: performance.now() - started});
		await tidy();
	}
}

/** A mutant may leave what nothing mends, as a stream without its record: then the deployment is made anew. */
async function mendOrRemake(): Promise<void> {
	try {
		await mend();
	} catch {
		spawnSync('docker', ['compose', '-p', PROJECT, 'down', '-v', '--timeout', '3'], {timeout: 120_000});
		await mend();
	}
}

async function verdictOf(
	mutant: Mutant,
	alone: Ending | undefined,
	folder: string,
	run: (tests: [Test], once: boolean) => Promise<Report | string>,
): Promise<Pick<Verdict, 'word' | 'why'>> {
	if (alone && alone.kind !== 'passed') {
		return {word: 'UNCLEAR', why: `its test does not pass without it: ${alone.why}`};
	}
	let undo: () => void;
	try {
		undo = apply(mutant, folder);
	} catch (error) {
		if (error instanceof StaleError) {
			return {word: 'STALE', why: error.message};
		}
		throw error;
	}
	try {
		const ending = endingOf(await run([mutant.test], true), mutant.test.name);
		switch (ending.kind) {
			case 'failed':
				return {word: 'caught', why: `${ending.test}: ${ending.why}`};
			case 'passed':
				return {word: 'SURVIVED', why: `${mutant.test.file} passes: ${mutant.test.name ?? 'all of it'}`};
			case 'none':
				return {word: 'UNCLEAR', why: ending.why};
		}
	} finally {
		undo();
	}
}

/** Builds the console of the copy. Answers why it can't be built. */
function build(folder: string): string | undefined {
	const {status, stderr} = spawnSync(process.execPath, ['scripts/build.ts'], {cwd: folder, encoding: 'utf8'});
	const why = stderr.split('\n').find((line) => /error/i.test(line)) ?? '';
	return status === 0 ? undefined : `it can't be built: ${why.trim()}`;
}

/** Seconds in a column. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(6)} s`;
