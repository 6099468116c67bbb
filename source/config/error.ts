/**
What the operator set (a file, a flag, the environment) cannot be used. The message is made of sentences for
the operator, one problem a line, and never holds a password or a token.
*/
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
	/** The lines of the message. */
	readonly problems: readonly string[];

	constructor(problems: string | readonly string[], options?: ErrorOptions) {
		const lines = typeof problems === 'string' ? [problems] : problems;
		super(lines.join('\n'), options);
		this.problems = lines;
	}
}
