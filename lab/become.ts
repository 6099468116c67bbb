import {LabError, which} from './run.ts';

/**
 * Turns this process into another program: terminal, standard streams, signals and exit code are then its own.
 * Does not return.
 * @throws LabError when there is no such program in the environment's PATH
 */
export function become(argv: readonly string[], env: Record<string, string>): never {
	const all: Record<string, string> = {...definedOnly(process.env), ...env};
	const [program = ''] = argv;
	const file = which(program, all['PATH']);
	if (!file) throw new LabError(`There is no program "${program}" in the lab's PATH.`);
	if (!process.execve)
		throw new LabError('This Node cannot replace itself by a program: use Node 24 on Linux or macOS.');
	return process.execve(file, [...argv], all);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
	return Object.fromEntries(
		Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
	);
}
