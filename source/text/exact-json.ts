// ES2026's JSON.parse source text access, which Node has since 21 and TypeScript's library does not know yet.
const {parse, rawJSON} = JSON as unknown as {
	parse(text: string, reviver: (key: string, value: unknown, context: {source?: string}) => unknown): unknown;
	rawJSON(text: string): object;
};

/**
Parses JSON so that `JSON.stringify` gives every number back as it was: an integer that a double can't hold, as Go's
largest int64 in a limit of a stream, becomes an object that only `JSON.stringify` understands.

@throws SyntaxError
*/
export function parseExactly(text: string): unknown {
	return parse(text, (_key, value, {source}) =>
		typeof value === 'number' &&
		!Number.isSafeInteger(value) &&
		source !== undefined &&
		/^-?\d+$/.test(source)
			? rawJSON(source)
			: value,
	);
}
