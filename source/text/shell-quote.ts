/**
A word as a POSIX shell wants it, so that a line that is shown can be copied, whatever name somebody chose: as it is, or in
single quotes, between which nothing has a meaning. (POSIX.1-2024, Shell Command Language, 2.2.2)
*/
export const shellWord = (word: string): string =>
	// A ~ or = at the beginning means something to a shell (tilde expansion; `=cmd` of zsh), as does an assignment.
	/^[\w./:@%+,-][\w./:@%+,=-]*$/.test(word) && !/^\w+=/.test(word)
		? word
		: `'${word.replaceAll("'", `'\\''`)}'`;

/** A command line of these words. */
export const shellLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/**
A command line that names things: behind `--` if one of the names begins with a dash, since every command that is shown here
would take that for a flag (POSIX.1-2024, Utility Syntax Guidelines, 10).
*/
export function commandLine(
	command: readonly string[],
	names: readonly string[],
	flags: readonly string[] = [],
): string {
	return names.some((name) => name.startsWith('-'))
		? shellLine(...command, ...flags, '--', ...names)
		: shellLine(...command, ...names, ...flags);
}
