import {spawnSync} from 'node:child_process';
import {mend} from '../lab/lab.ts';
import {apply, StaleError} from './change.ts';
import {copyTree, endProcessesOf, removeCopy} from './copy.ts';
import {type Mutant, needsLab, type Test} from './mutant.ts';
import {type Ending, runTests} from './tests.ts';

/** What became of a mutant. Only `caught` is as it should be. */
export type Verdict = {
	mutant: Mutant;
	word: 'caught' | 'SURVIVED' | 'STALE' | 'UNCLEAR';
	why: string;
	ms: number;
};

const keyOf = ({file, name = ''}: Test): string => `${file} ${name}`.trim();

/**
Makes each mutant in a copy of the tree, runs the test that must see it, and tells of each when it is known. First each
test is run without a mutant: one that fails by itself sees nothing.

@param root - The project's folder.
*/
export async function judge(
	mutants: Mutant[],
	root: string,
	say: (text: string) => void,
	onVerdict: (verdict: Verdict) => void,
): Promise<void> {
	const folder = copyTree(root);
	process.once('exit', () => removeCopy(folder));
	const run = async (test: Test): Promise<Ending> => {
		const failure = needsLab(test) ? build(folder) : undefined;
		return failure === undefined ? runTests(folder, test) : {kind: 'none', why: failure};
	};
	const tidy = async (): Promise<void> => {
		endProcessesOf(folder);
		if (mutants.some(({test}) => needsLab(test))) {
			await mend();
		}
	};
	await tidy();
	const alone = new Map<string, Ending>();
	for (const {test} of mutants) {
		if (!alone.has(keyOf(test))) {
			const started = performance.now();
			const ending = await run(test);
			alone.set(keyOf(test), ending);
			say(
				`${seconds(performance.now() - started)}  ${ending.kind === 'passed' ? 'passes without a mutant' : 'DOES NOT PASS'}  ${keyOf(test)}`,
			);
			await tidy();
		}
	}
	for (const mutant of mutants) {
		const started = performance.now();
		const verdict = await verdictOf(mutant, alone.get(keyOf(mutant.test))!, folder, run);
		onVerdict({mutant, ...verdict, ms: performance.now() - started});
		await tidy();
	}
}

async function verdictOf(
	mutant: Mutant,
	alone: Ending,
	folder: string,
	run: (test: Test) => Promise<Ending>,
): Promise<Pick<Verdict, 'word' | 'why'>> {
	if (alone.kind !== 'passed') {
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
		const ending = await run(mutant.test);
		switch (ending.kind) {
			case 'failed':
				return {word: 'caught', why: `${ending.test}: ${ending.why}`};
			case 'passed':
				return {word: 'SURVIVED', why: `${keyOf(mutant.test)} passes without ${mutant.without}`};
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
	return status === 0 ? undefined : `it can't be built: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

/** Seconds in a column. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(6)} s`;
