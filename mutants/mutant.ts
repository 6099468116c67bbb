/** Code that is taken out: `find` stands once in the file, and `put` comes in its place. */
export type Change = {file: string; find: string; put: string};

/** A console that breaks a promise, and the test that must see it. */
export type Mutant = {
	name: string;
	/** The promise of the readme's chapter on safety, by its first words. */
	promise: string;
	/** What is taken out, in words. */
	without: string;
	/** Where a promise is held twice, both. */
	changes: Change[];
	test: Test;
};

/** A file of tests; `name` is a part of the own names of those that are run, and without it all of them are. */
export type Test = {file: string; name?: string};

/** The project of vitest's configuration that a test belongs to. */
export const projectOf = ({file}: Test): 'unit' | 'integration' | 'e2e' =>
	file.startsWith('test/integration/') ? 'integration' : file.startsWith('test/e2e/') ? 'e2e' : 'unit';

/** Whether a test needs a deployment and the built console. */
export const needsLab = (test: Test): boolean => projectOf(test) !== 'unit';

/** Mutants of one promise. */
export const breaks = (promise: string, mutants: Omit<Mutant, 'promise'>[]): Mutant[] =>
	mutants.map((mutant) => ({promise, ...mutant}));
